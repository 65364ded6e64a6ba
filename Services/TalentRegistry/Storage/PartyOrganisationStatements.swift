import Foundation
import Models
import Postgres
import ServiceKit

/// The SQL of Party organisations.
enum PartyOrganisationStatements {
    /// Makes registrations of the same counties queue until the end of the transaction.
    static func lockCounties(of divisions: Set<DivisionCode>) -> PostgresStatement {
        PostgresStatement(
            """
            select pg_advisory_xact_lock(hashtextextended('talent.party_organisations/' || c.county, 0))
            from (select county from unnest($1::text[]) as u (county) order by county) as c
            """,
            [.textArray(Array(Set(divisions.map { String($0.digits.prefix(6)) })))])
    }

    /// The organisations of some codes with their parents and children, and the general branches of their divisions.
    static func touched(by organisations: [PartyOrganisation]) -> PostgresStatement {
        let codes = Set(organisations.map(\.code)).union(organisations.compactMap(\.parentCode))
        return PostgresStatement(
            """
            select code, name, kind, parent_code, division_code from talent.party_organisations
            where code = any($1::text[])
            union
            select code, name, kind, parent_code, division_code from talent.party_organisations
            where parent_code = any($1::text[])
            union
            select code, name, kind, parent_code, division_code from talent.party_organisations
            where division_code = any($2::text[]) and kind = 'generalBranch'
            """,
            [.textArray(Array(codes)), .textArray(Array(Set(organisations.map(\.divisionCode.digits))))])
    }

    /// Writes organisations, new and changed ones.
    static func write(_ organisations: [PartyOrganisation], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            insert into talent.party_organisations
                (code, name, kind, parent_code, division_code, registered_at, changed_at)
            select o.code, o.name, o.kind, o.parent_code, o.division_code, $6::timestamptz, $6::timestamptz
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                 as o (code, name, kind, parent_code, division_code)
            order by o.code
            on conflict (code) do update set name = excluded.name, kind = excluded.kind,
                parent_code = excluded.parent_code, division_code = excluded.division_code,
                changed_at = excluded.changed_at
            """,
            [
                .textArray(organisations.map(\.code)), .textArray(organisations.map(\.name)),
                .textArray(organisations.map(\.kind.rawValue)), .textArray(organisations.map(\.parentCode)),
                .textArray(organisations.map(\.divisionCode.digits)), .timestamptz(time),
            ])
    }

    /// A page with the latest counts.
    static func page(
        within prefix: String, scope: ScopeFilter, after position: PartyOrganisationPosition?, limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: prefix)
        return """
            select o.code, o.name, o.kind, o.parent_code, o.division_code, c.organisation_code, c.as_of, c.total,
                   c.retired, c.two_new, c.age_35_or_less, c.age_60_or_more, c.college_or_above
            from talent.party_organisations o
            left join lateral (
                select * from talent.member_counts m where m.organisation_code = o.code order by m.as_of desc limit 1
            ) c on true
            where o.division_code >= \(range.lowerBound) and o.division_code < \(range.upperBound)
              and (o.division_code, o.code) > (\(position?.divisionCode ?? ""), \(position?.code ?? ""))
              and \(scope: scope, on: "o.division_code")
            order by o.division_code, o.code limit \(limit)
            """
    }

    /// The organisation of a row.
    static func organisation(_ row: PostgresRow) throws -> PartyOrganisation {
        PartyOrganisation(
            code: try row.decode("code"), name: try row.decode("name"), kind: try row.word("kind"),
            parentCode: try row.decodeIfPresent("parent_code"), divisionCode: try row.divisionCode("division_code"))
    }
}
