import GridOperationsService
import ServiceKit

@main
struct Main {
    static func main() async { await ServiceMain.run(GridOperations.self) }
}
