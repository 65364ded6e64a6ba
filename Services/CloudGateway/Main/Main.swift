import CloudGatewayService
import ServiceKit

@main
struct Main {
    static func main() async { await ServiceMain.run(CloudGateway.self) }
}
