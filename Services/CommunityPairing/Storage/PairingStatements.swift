import Foundation
import Models
import Postgres
import ServiceKit

/// The SQL of pairings.
enum PairingStatements {
    /// Which of the units that rows name are enrolled.
    static func enrolled(among terms: [PairingTerms]) -> PostgresStatement {
        PostgresStatement(
            "select code from pairing.units where code = any($1::text[])",
            [.textArray(Array(Set(terms.map(\.unitCode.text))))])
    }

    /// Locks the pairings of some units and targets in the order of both.
    static func lock(_ terms: [PairingTerms]) -> PostgresStatement {
        PostgresStatement(
            """
            select p.id, p.unit_code, p.target_code, p.from_day, p.to_day
            from pairing.pairings p
            join unnest($1::text[], $2::text[]) as k (unit_code, target_code)
              on p.unit_code = k.unit_code and p.target_code = k.target_code
            order by p.unit_code, p.target_code for no key update of p
            """,
            [.textArray(terms.map(\.unitCode.text)), .textArray(terms.map(\.targetCode.digits))])
    }

    /// Inserts pairings in the order of unit and target, so that two requests never wait for each other.
    static func insert(_ pairings: [Pairing], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            insert into pairing.pairings (id, unit_code, target_code, from_day, to_day, activated_at, changed_at)
            select p.id, p.unit_code, p.target_code, p.from_day, p.to_day, $6::timestamptz, $6::timestamptz
            from unnest($1::uuid[], $2::text[]::date[], $3::text[]::date[], $4::text[], $5::text[])
                 as p (id, from_day, to_day, unit_code, target_code)
            order by p.unit_code, p.target_code
            """,
            terms(pairings)
                + [
                    .textArray(pairings.map(\.terms.unitCode.text)),
                    .textArray(pairings.map(\.terms.targetCode.digits)), .timestamptz(time),
                ])
    }

    /// Changes the terms of pairings.
    static func update(_ pairings: [Pairing], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            update pairing.pairings p
            set from_day = n.from_day, to_day = n.to_day, changed_at = $4::timestamptz
            from unnest($1::uuid[], $2::text[]::date[], $3::text[]::date[]) as n (id, from_day, to_day)
            where p.id = n.id
            """,
            terms(pairings) + [.timestamptz(time)])
    }

    /// A page of pairings.
    static func page(
        within prefix: String, of unit: UnifiedSocialCreditCode?, scope: ScopeFilter,
        after position: PairingPosition?, limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: prefix)
        // Two texts, so that each is planned for its own index.
        let ofUnit = unit == nil ? "is null" : "= unit_code"
        return """
            select id, unit_code, target_code, from_day, to_day from pairing.pairings
            where \(unit?.text)::text \(unescaped: ofUnit)
              and target_code >= \(range.lowerBound) and target_code < \(range.upperBound)
              and (target_code, unit_code) > (\(position?.targetCode ?? ""), \(position?.unitCode ?? ""))
              and (\(scope: scope, on: "target_code") or \(scope: scope, unit: "unit_code"))
            order by target_code, unit_code limit \(limit)
            """
    }

    /// The pairing of a row.
    static func pairing(_ row: PostgresRow) throws -> Pairing {
        Pairing(
            id: try row.identifier("id"),
            terms: PairingTerms(
                unitCode: try row.creditCode("unit_code"), targetCode: try row.divisionCode("target_code"),
                from: try row.day("from_day"), to: try row.day("to_day")))
    }

    private static func terms(_ pairings: [Pairing]) -> [PostgresValue] {
        [
            .uuidArray(pairings.map(\.id.rawValue)), .textArray(pairings.map(\.terms.from.description)),
            .textArray(pairings.map(\.terms.to.description)),
        ]
    }
}
