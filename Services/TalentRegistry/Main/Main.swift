import ServiceKit
import TalentRegistryService

/// Starts the talent registry.
@main struct Main {
    static func main() async { await ServiceMain.run(TalentRegistry.self) }
}
