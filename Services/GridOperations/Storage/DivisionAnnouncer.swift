import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<DivisionStated> {
    /// States every division for readers that came late, in the order of codes: parents before what lies in them.
    package static func divisions(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select code, name, kind, households from grid.divisions
            where code > \(cursor ?? "") order by code limit \(limit) for update
            """
        } stated: {
            DivisionStated(division: try Division($0).facts)
        }
    }
}
