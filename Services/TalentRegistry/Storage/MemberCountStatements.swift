import Foundation
import Models
import Postgres
import ServiceKit

/// The SQL of member counts.
enum MemberCountStatements {
    /// Locks organisations in the order of their codes and says where they are.
    ///
    /// Counts go under the organisation's key, so its row is what orders its events.
    static func lockOrganisations(_ codes: Set<String>, scope: ScopeFilter) -> PostgresStatement {
        """
        select code, division_code from talent.party_organisations
        where code = any(\(Array(codes))::text[]) and \(scope: scope, on: "division_code")
        order by code for no key update
        """
    }

    /// The stored counts that have the keys of these.
    static func present(_ counts: [MemberCount]) -> PostgresStatement {
        PostgresStatement(
            """
            select c.organisation_code, c.as_of, c.total, c.retired, c.two_new, c.age_35_or_less, c.age_60_or_more,
                   c.college_or_above
            from unnest($1::text[], $2::text[]::date[]) as k (organisation_code, as_of)
            join talent.member_counts c using (organisation_code, as_of)
            """,
            [.textArray(counts.map(\.organisationCode)), .textArray(counts.map(\.asOf.description))])
    }

    /// Writes counts, new and corrected ones.
    static func write(_ counts: [MemberCount], at time: Date) -> PostgresStatement {
        func figures(_ path: KeyPath<MemberCount, Int>) -> PostgresValue {
            .int8Array(counts.map { Int64($0[keyPath: path]) })
        }
        return PostgresStatement(
            """
            insert into talent.member_counts
                (organisation_code, as_of, total, retired, two_new, age_35_or_less, age_60_or_more, college_or_above,
                 reported_at)
            select c.organisation_code, c.as_of, c.total, c.retired, c.two_new, c.age_35_or_less, c.age_60_or_more,
                   c.college_or_above, $9::timestamptz
            from unnest($1::text[], $2::text[]::date[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                        $7::bigint[], $8::bigint[])
                 as c (organisation_code, as_of, total, retired, two_new, age_35_or_less, age_60_or_more,
                       college_or_above)
            on conflict (organisation_code, as_of) do update set total = excluded.total, retired = excluded.retired,
                two_new = excluded.two_new, age_35_or_less = excluded.age_35_or_less,
                age_60_or_more = excluded.age_60_or_more, college_or_above = excluded.college_or_above,
                reported_at = excluded.reported_at
            """,
            [
                .textArray(counts.map(\.organisationCode)), .textArray(counts.map(\.asOf.description)),
                figures(\.total), figures(\.retired), figures(\.twoNew), figures(\.age35OrLess),
                figures(\.age60OrMore), figures(\.collegeOrAbove), .timestamptz(time),
            ])
    }

    /// The counts of a row.
    static func count(_ row: PostgresRow) throws -> MemberCount {
        MemberCount(
            organisationCode: try row.decode("organisation_code"), asOf: try row.day("as_of"),
            total: try row.decode("total"), retired: try row.decode("retired"), twoNew: try row.decode("two_new"),
            age35OrLess: try row.decode("age_35_or_less"), age60OrMore: try row.decode("age_60_or_more"),
            collegeOrAbove: try row.decode("college_or_above"))
    }
}
