import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<UnitStated> {
    /// States every unit for readers that came late, in the order of codes.
    package static func units(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select code, name, kind, strengths, member_count from pairing.units
            where code > \(cursor ?? "") order by code limit \(limit) for no key update
            """
        } stated: {
            UnitStated(unit: try UnitStatements.unit($0).facts)
        }
    }
}
