import Foundation
import Models
import Postgres
import ServiceKit

/// The SQL of units.
enum UnitStatements {
    /// Locks units in the order of their codes.
    static func lock(_ codes: [String]) -> PostgresStatement {
        PostgresStatement(
            """
            select code, name, kind, strengths, member_count, contact_hash from pairing.units
            where code = any($1::text[]) order by code for no key update
            """,
            [.textArray(codes)])
    }

    /// Inserts units in the order of their codes, so that two enrolments never wait for each other.
    static func insert(
        _ enrolments: [UnitEnrolment], sealer: ContactSealer, at time: Date
    ) throws -> PostgresStatement {
        PostgresStatement(
            """
            insert into pairing.units
                (code, name, kind, strengths, member_count, contact_name_encrypted, contact_mobile_encrypted,
                 contact_hash, contact_mobile_hash, enrolled_at, changed_at)
            select u.code, u.name, u.kind, array(select jsonb_array_elements_text(u.strengths)), u.member_count,
                   u.contact_name, u.contact_mobile, u.contact_hash, u.contact_mobile_hash, $10::timestamptz,
                   $10::timestamptz
            from \(rows) order by u.code
            """,
            try columns(enrolments, sealer: sealer) + [.timestamptz(time)])
    }

    /// Changes units.
    static func update(
        _ enrolments: [UnitEnrolment], sealer: ContactSealer, at time: Date
    ) throws -> PostgresStatement {
        PostgresStatement(
            """
            update pairing.units n
            set name = u.name, kind = u.kind, strengths = array(select jsonb_array_elements_text(u.strengths)),
                member_count = u.member_count, contact_name_encrypted = u.contact_name,
                contact_mobile_encrypted = u.contact_mobile, contact_hash = u.contact_hash,
                contact_mobile_hash = u.contact_mobile_hash, contact_erased_at = null, changed_at = $10::timestamptz
            from \(rows) where n.code = u.code
            """,
            try columns(enrolments, sealer: sealer) + [.timestamptz(time)])
    }

    /// A page with contacts still encrypted.
    static func page(scope: ScopeFilter, after code: String?, limit: Int) -> PostgresStatement {
        """
        select code, name, kind, strengths, member_count, contact_name_encrypted, contact_mobile_encrypted
        from pairing.units u
        where code > \(code ?? "")
          and (\(scope: scope, unit: "code")
               or exists (select from pairing.pairings p
                          where p.unit_code = u.code and \(scope: scope, on: "p.target_code")))
        order by code limit \(limit)
        """
    }

    /// The unit of a row.
    static func unit(_ row: PostgresRow) throws -> Unit {
        Unit(
            code: try row.creditCode("code"), name: try row.decode("name"), kind: try row.word("kind"),
            strengths: try row.decode("strengths"), memberCount: try row.decode("member_count"))
    }

    /// Arrays of arrays have one length in PostgreSQL, so the strengths of each unit travel as a JSON array.
    private static let rows = """
        unnest($1::text[], $2::text[], $3::text[], $4::text[]::jsonb[], $5::int4[], $6::bytea[], $7::bytea[],
               $8::bytea[], $9::bytea[])
            as u (code, name, kind, strengths, member_count, contact_name, contact_mobile, contact_hash,
                  contact_mobile_hash)
        """

    private static func columns(_ enrolments: [UnitEnrolment], sealer: ContactSealer) throws -> [PostgresValue] {
        let units = enrolments.map(\.unit)
        let contacts = enrolments.map(\.contact)
        return [
            .textArray(units.map(\.code.text)), .textArray(units.map(\.name)),
            .textArray(units.map(\.kind.rawValue)),
            .textArray(try units.map { String(decoding: try EventCoding.encode($0.strengths), as: UTF8.self) }),
            .int4Array(units.map { Int32($0.memberCount) }),
            .byteaArray(try contacts.map { try sealer.seal($0.name.value) }),
            .byteaArray(try contacts.map { try sealer.seal(mobile: $0.mobile.value) }),
            .byteaArray(try contacts.map { try sealer.hash($0) }),
            .byteaArray(try contacts.map { try sealer.lookupHash(mobile: $0.mobile.value) }),
        ]
    }
}
