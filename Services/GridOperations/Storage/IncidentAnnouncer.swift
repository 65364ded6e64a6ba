import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<IncidentStated> {
    /// States every incident for readers that came late, in the order of reports.
    package static func incidents(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where id > \(UUID(behind: cursor)) order by id limit \(limit) for update
            """
        } stated: {
            IncidentStated(incident: try Incident($0).facts)
        }
    }
}
