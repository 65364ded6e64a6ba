import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<PairingStated> {
    /// States every pairing for readers that came late, in the order of ids.
    package static func pairings(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select id, unit_code, target_code, from_day, to_day from pairing.pairings
            where id > \(UUID(behind: cursor)) order by id limit \(limit) for no key update
            """
        } stated: {
            PairingStated(pairing: try PairingStatements.pairing($0).facts)
        }
    }
}
