import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// What grid operations keep of one person who holds or held a post, or left a number with a report, for the person's own
/// requests.
///
/// A record is a person of the staff or the contact of one incident, which has the incident's id.
package struct GridSubjects: SubjectHolding {
    private let people: EncryptedPeople
    private let contacts: IncidentContactSubjects

    /// Reads with the cipher of personal fields.
    package init(cipher: any FieldCipher) {
        people = EncryptedPeople(cipher: cipher)
        contacts = IncidentContactSubjects(cipher: cipher)
    }

    /// The kind of object, as the audit trail names it.
    static let objectType = "person"

    package var objectType: String { Self.objectType }

    package var markKeys: Set<SubjectKey.Kind> { [.identityNumber] }

    package func mark(of key: SubjectKey) throws -> [UInt8]? {
        guard case .identityNumber(let number) = key else { return nil }
        return try people.hash(number)
    }

    package var keys: Set<SubjectKey.Kind> { [.identityNumber, .mobile] }

    package func find(
        _ key: SubjectKey, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        switch key {
        case .identityNumber(let number):
            try await places(by: "identity_hash", try people.hash(number), scope: scope, in: transaction)
        case .mobile(let number):
            try await places(by: "mobile_hash", try people.hash(mobile: number), scope: scope, in: transaction)
                + contacts.places(by: number, scope: scope, in: transaction)
        case .personID: []
        }
    }

    /// Where people are kept: at the present post in the scope, or the latest one.
    private func places(
        by column: String, _ hash: [UInt8], scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        try await transaction.query(
            """
            select distinct on (p.id) p.id::text as id, a.grid_code
            from grid.people p join grid.assignments a on a.person_id = p.id
            where p.\(unescaped: column) = \(hash) and \(scope: scope, on: "a.grid_code")
            order by p.id, a.ended_at desc nulls first, a.started_at desc limit \(SubjectPlace.most)
            """
        ).rows.map { SubjectPlace(id: try $0.decode("id"), divisionCode: try $0.decode("grid_code")) }
    }

    package func trailNames(of id: String, in transaction: PostgresTransaction) async throws -> [String] {
        let posts = try await transaction.query(
            "select id::text as id from grid.assignments where person_id = \(id)::text::uuid"
        ).rows.map { try $0.decode("id", as: String.self) }
        return [id] + posts
    }

    package func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        guard let row = try await transaction.query(Self.person(id)).rows.first else {
            return try await contacts.everything(of: id, in: transaction)
        }
        let details = try people.details(row)
        let own: [(String, String?)] = [
            ("姓名 name", details.name.value.text), ("手机 mobile", details.mobile?.value),
            ("人员编号 person id", id), ("公民身份号码 identity number", "不保存，仅存不可逆摘要 not kept, only a hash"),
        ]
        return own.compactMap { item, value in value.map { SubjectFact(item, $0, .staffing) } }
            + (try await posts(of: id, in: transaction))
            + (try await fields(of: id, in: transaction)) + (try await reports(of: id, in: transaction))
    }

    private func posts(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        try await transaction.query(
            """
            select grid_code, role, started_at, ended_at from grid.assignments
            where person_id = \(id)::text::uuid order by started_at, id
            """
        ).rows.map { row in
            let ended: Date? = try row.decodeIfPresent("ended_at")
            let words: [String] = [
                try row.decode("grid_code"), try row.decode("role"), RFC3339.format(try row.decode("started_at")),
                ended.map(RFC3339.format) ?? "在任 present",
            ]
            return SubjectFact("任职 post", words.joined(separator: " "), .staffing)
        }
    }

    private func fields(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        try await transaction.query(
            """
            select f.name, o.grid_code, o.during::text as during
            from grid.field_owners o join grid.responsibility_fields f on f.id = o.field_id
            where o.person_id = \(id)::text::uuid order by lower(o.during), f.id
            """
        ).rows.map { row in
            let words: [String] = [
                try row.decode("grid_code"), try row.decode("name"), try row.decode("during"),
            ]
            return SubjectFact("责任田 responsibility field", words.joined(separator: " "), .staffing)
        }
    }

    /// What the person has reported under the same id.
    private func reports(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        try await transaction.query(
            """
            select number, title, reported_at from grid.incidents
            where reporter_id = \(id)::text::uuid order by reported_at, id
            """
        ).rows.map { row in
            let words: [String] = [
                RFC3339.format(try row.decode("reported_at")), try row.decode("number"), try row.decode("title"),
            ]
            return SubjectFact("上报事件 report", words.joined(separator: " "), .incidentHandling)
        }
    }

    package func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws {
        guard let row = try await transaction.query(Self.person(id)).rows.first else {
            return try await contacts.correct(id, correction, in: transaction)
        }
        let details = try people.details(row)
        let sealed = try people.seal(
            PersonDetails(name: correction.name ?? details.name, mobile: correction.mobile ?? details.mobile))
        _ = try await transaction.query(
            """
            update grid.people set name_encrypted = \(sealed.name), mobile_encrypted = \(sealed.mobile),
                   mobile_hash = \(sealed.mobileHash), updated_at = \(time)
            where id = \(id)::text::uuid
            """)
    }

    package func duty(
        toKeep id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? {
        // Sheets of staff wait until the end of this, and then see the person gone.
        _ = try await transaction.query(BulkLock.staff.statement)
        let posts = try await transaction.query(
            """
            select from grid.assignments where person_id = \(id)::text::uuid and ended_at is null
            union all
            select from grid.field_owners where person_id = \(id)::text::uuid and upper_inf(during) limit 1
            """)
        guard posts.rows.isEmpty else { return .postInForce }
        return try await contacts.duty(toKeep: id, at: time, in: transaction)
    }

    package func erase(
        _ id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        let results = try await transaction.pipeline([
            """
            insert into service_kit.erasures (object_type, hash)
            select \(objectType), identity_hash from grid.people
            where id = \(id)::text::uuid and identity_hash is not null on conflict do nothing
            """,
            """
            update grid.people set identity_hash = null, name_encrypted = null, mobile_encrypted = null,
                   mobile_hash = null, erased_at = \(time), updated_at = \(time)
            where id = \(id)::text::uuid
            """,
            // As the retention rule of reporters does it.
            """
            with reports as (
                update grid.incidents set reporter_id = null where reporter_id = \(id)::text::uuid
                returning \(unescaped: IncidentColumns.list)
            ), steps as (
                update grid.incident_steps s set actor_id = '00000000-0000-0000-0000-000000000000'
                from reports r where s.incident_id = r.id and s.actor_id = \(id)::text::uuid
            )
            select * from reports order by id
            """,
            contacts.erasure(of: id),
        ])
        return try results[2].rows.map { row in
            try OutgoingEvent(IncidentStated(incident: try Incident(row).facts), occurredAt: time)
        }
    }

    /// The person's row, locked.
    private static func person(_ id: String) -> PostgresStatement {
        """
        select name_encrypted, mobile_encrypted from grid.people
        where id = \(id)::text::uuid and erased_at is null for no key update
        """
    }
}
