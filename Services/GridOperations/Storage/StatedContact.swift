import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// How somebody of the staff is reached, as it was entered.
struct StatedContact: Sendable {
    /// Under which hash the person is kept.
    let hash: [UInt8]
    /// The number; nil when none was stated, which takes back the one before.
    let mobile: Personal<String>?
    /// The community of the post.
    let community: DivisionCode

    /// The event for notifications, with the number encrypted for it alone.
    ///
    /// - Returns: nil without a transport.
    func event(of person: PersonID, _ transport: ContactTransport?, at moment: Date) throws -> OutgoingEvent? {
        guard let transport else { return nil }
        let addresses = try mobile.map { [try transport.seal($0.value, kind: .mobile, of: person)] } ?? []
        let contact = ContactFacts(personID: person, divisionCode: community, addresses: addresses)
        return try OutgoingEvent(ContactStated(contact: contact), occurredAt: moment)
    }

    /// The events by which whoever has the addresses of people forgets them too; at the community of the latest post.
    static func erasures(of ids: [String], in transaction: PostgresTransaction) async throws -> [OutgoingEvent] {
        try await transaction.query(
            """
            select distinct on (person_id) person_id, grid_code, now() as erased_at from grid.assignments
            where person_id = any(\(ids)::text[]::uuid[]) order by person_id, started_at desc, id
            """
        ).rows.compactMap { row in
            guard let community = try row.gridCode("grid_code").community else { return nil }
            let contact = ContactFacts(
                personID: try row.identifier("person_id"), divisionCode: community, addresses: [])
            return try OutgoingEvent(ContactErased(contact: contact), occurredAt: try row.decode("erased_at"))
        }
    }
}
