import NotificationsService
import ServiceKit

@main
struct Main {
    static func main() async { await ServiceMain.run(Notifications.self) }
}
