import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<TalentStated> {
    /// States every talent for readers that came late, in the order of ids; no word of the person.
    package static func talents(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select id, division_code from talent.talents
            where id > \(UUID(behind: cursor)) order by id limit \(limit) for no key update
            """
        } stated: { row in
            TalentStated(
                talent: TalentFacts(
                    talentID: try row.identifier("id"), divisionCode: try row.divisionCode("division_code")))
        }
    }
}
