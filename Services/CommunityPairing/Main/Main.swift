import CommunityPairingService
import ServiceKit

/// Starts community pairing.
@main struct Main {
    static func main() async { await ServiceMain.run(CommunityPairing.self) }
}
