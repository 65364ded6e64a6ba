import Foundation
import Models
import Postgres
import ServiceKit

/// The contacts that people left with their reports, for their own requests: one record an incident.
struct IncidentContactSubjects: Sendable {
    private let contacts: IncidentContactSealer

    init(cipher: any FieldCipher) { contacts = IncidentContactSealer(cipher: cipher) }

    /// The reports of a scope with which a number was left.
    func places(
        by mobile: Personal<String>, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        try await transaction.query(
            """
            select c.incident_id::text as id, c.grid_code from grid.incident_contacts c
            where c.mobile_hash = any(\(PostgresValue.byteaArray(try contacts.hashes(mobile).all))) and \(scope: scope, on: "c.grid_code")
            order by c.incident_id desc limit \(SubjectPlace.most)
            """
        ).rows.map { SubjectPlace(id: try $0.decode("id"), divisionCode: try $0.decode("grid_code")) }
    }

    /// What is kept with one report.
    func everything(of incident: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        guard let row = try await transaction.query(Self.contact(of: incident)).rows.first else { return [] }
        let contact = try contacts.open(row)
        let words: [(String, String?)] = [
            ("上报人姓名 reporter", contact.name?.value.text), ("上报人手机 mobile", contact.mobile.value),
            ("上报事件 report", try row.decode("number")), ("上报标题 title", try row.decode("title")),
            ("上报时间 reported at", RFC3339.format(try row.decode("reported_at"))),
        ]
        return words.compactMap { item, value in value.map { SubjectFact(item, $0, .incidentHandling) } }
    }

    /// Puts the right contact in the place of what is kept.
    func correct(
        _ incident: String, _ correction: SubjectCorrection, in transaction: PostgresTransaction
    ) async throws {
        guard let row = try await transaction.query(Self.contact(of: incident)).rows.first else { return }
        let kept = try contacts.open(row)
        let contact = IncidentContact(
            name: correction.name ?? kept.name, mobile: correction.mobile ?? kept.mobile)
        _ = try await transaction.query(try contacts.update(contact, of: incident))
    }

    /// A hold on the contact itself; the kit looks for those on the person.
    func duty(
        toKeep incident: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? {
        let day = try CountyCalendar.day(of: time)
        let held = try await transaction.query(
            """
            select from grid.incident_contacts c
            where c.incident_id = \(incident)::text::uuid
              and not \(notHeld: "incident-contact", id: "c.incident_id::text", on: day)
            """)
        return held.rows.isEmpty ? nil : .legalHold
    }

    /// Takes the contact away; the report stays.
    func erasure(of incident: String) -> PostgresStatement {
        "delete from grid.incident_contacts where incident_id = \(incident)::text::uuid"
    }

    private static func contact(of incident: String) -> PostgresStatement {
        """
        select c.name_encrypted, c.mobile_encrypted, i.number, i.title, i.reported_at
        from grid.incident_contacts c join grid.incidents i on i.id = c.incident_id
        where c.incident_id = \(incident)::text::uuid for no key update of c
        """
    }
}
