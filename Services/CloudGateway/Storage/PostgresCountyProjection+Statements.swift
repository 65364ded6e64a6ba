import Models
import Postgres

extension PostgresCountyProjection {
    static func divisions(_ divisions: [DivisionFacts]) -> PostgresStatement? {
        guard !divisions.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.divisions as d (code, name, level, kind, households)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int8[]) order by 1
            on conflict (code) do update set name = excluded.name, level = excluded.level, kind = excluded.kind,
                households = excluded.households
            """,
            [
                .textArray(divisions.map(\.code.digits)), .textArray(divisions.map(\.name)),
                .textArray(divisions.map(\.level.rawValue)), .textArray(divisions.map { $0.kind?.rawValue }),
                integers(divisions.map(\.households)),
            ])
    }

    static func partyOrganisations(_ organisations: [PartyOrganisationFacts]) -> PostgresStatement? {
        guard !organisations.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.party_organisations (code, kind, parent_code, division_code)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) order by 1
            on conflict (code) do update set kind = excluded.kind, parent_code = excluded.parent_code,
                division_code = excluded.division_code
            """,
            [
                .textArray(organisations.map(\.code)), .textArray(organisations.map(\.kind.rawValue)),
                .textArray(organisations.map(\.parentCode)), .textArray(organisations.map(\.divisionCode.digits)),
            ])
    }

    static func memberCounts(_ counts: [MemberCountFacts]) -> PostgresStatement? {
        guard !counts.isEmpty else { return nil }
        let figures: [KeyPath<MemberCountFacts, Int>] = [
            \.total, \.retired, \.twoNew, \.age35OrLess, \.age60OrMore, \.collegeOrAbove,
        ]
        return PostgresStatement(
            """
            insert into gateway.member_counts as c (organisation_code, division_code, as_of, total, retired, two_new,
                age_35_or_less, age_60_or_more, college_or_above)
            select n.organisation_code, n.division_code, n.as_of::date, n.total, n.retired, n.two_new, n.age_35_or_less,
                n.age_60_or_more, n.college_or_above
            from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[],
                $9::int8[]) as n (organisation_code, division_code, as_of, total, retired, two_new, age_35_or_less,
                age_60_or_more, college_or_above)
            order by 1
            on conflict (organisation_code) do update set division_code = excluded.division_code,
                as_of = excluded.as_of, total = excluded.total, retired = excluded.retired, two_new = excluded.two_new,
                age_35_or_less = excluded.age_35_or_less, age_60_or_more = excluded.age_60_or_more,
                college_or_above = excluded.college_or_above
            where c.as_of <= excluded.as_of
            """,
            [
                .textArray(counts.map(\.organisationCode)), .textArray(counts.map(\.divisionCode.digits)),
                .textArray(counts.map(\.asOf.description)),
            ] + figures.map { figure in integers(counts.map { $0[keyPath: figure] }) })
    }

    static func talents(_ talents: [TalentFacts]) -> PostgresStatement? {
        guard !talents.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.talents (talent_id, division_code)
            select * from unnest($1::uuid[], $2::text[]) order by 1
            on conflict (talent_id) do update set division_code = excluded.division_code
            """,
            [.uuidArray(talents.map(\.talentID.rawValue)), .textArray(talents.map(\.divisionCode.digits))])
    }

    static func units(_ units: [UnitFacts]) -> PostgresStatement? {
        guard !units.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.units (unit_code, kind, member_count)
            select * from unnest($1::text[], $2::text[], $3::int8[]) order by 1
            on conflict (unit_code) do update set kind = excluded.kind, member_count = excluded.member_count
            """,
            [
                .textArray(units.map(\.unitCode.text)), .textArray(units.map(\.kind.rawValue)),
                integers(units.map(\.memberCount)),
            ])
    }

    static func pairings(_ pairings: [PairingFacts]) -> PostgresStatement? {
        guard !pairings.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.pairings (pairing_id, unit_code, target_code, first_day, last_day)
            select p.pairing_id, p.unit_code, p.target_code, p.first_day::date, p.last_day::date
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
                as p (pairing_id, unit_code, target_code, first_day, last_day)
            order by 1
            on conflict (pairing_id) do update set unit_code = excluded.unit_code, target_code = excluded.target_code,
                first_day = excluded.first_day, last_day = excluded.last_day
            """,
            [
                .uuidArray(pairings.map(\.pairingID.rawValue)), .textArray(pairings.map(\.unitCode.text)),
                .textArray(pairings.map(\.targetCode.digits)), .textArray(pairings.map(\.from.description)),
                .textArray(pairings.map(\.to.description)),
            ])
    }

    static func grids(_ grids: [GridFacts]) -> PostgresStatement? {
        guard !grids.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.grids (code, level, households)
            select * from unnest($1::text[], $2::text[], $3::int8[]) order by 1
            on conflict (code) do update set level = excluded.level, households = excluded.households
            """,
            [
                .textArray(grids.map(\.code.digits)), .textArray(grids.map(\.level.rawValue)),
                integers(grids.map(\.households)),
            ])
    }

    static func gridAssignments(_ assignments: [GridAssignmentFacts]) -> PostgresStatement? {
        guard !assignments.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.grid_assignments (assignment_id, grid_code, role)
            select * from unnest($1::uuid[], $2::text[], $3::text[]) order by 1
            on conflict (assignment_id) do update set grid_code = excluded.grid_code, role = excluded.role
            """,
            [
                .uuidArray(assignments.map(\.assignmentID.rawValue)), .textArray(assignments.map(\.gridCode.digits)),
                .textArray(assignments.map(\.role.rawValue)),
            ])
    }

    static func incidents(_ incidents: [IncidentFacts]) -> PostgresStatement? {
        guard !incidents.isEmpty else { return nil }
        return PostgresStatement(
            """
            insert into gateway.incidents (incident_id, grid_code, function, urgency, source, state, reported_at,
                is_historical, category)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                $7::timestamptz[], $8::bool[], $9::text[])
            order by 1
            on conflict (incident_id) do update set grid_code = excluded.grid_code, function = excluded.function,
                urgency = excluded.urgency, source = excluded.source, state = excluded.state,
                reported_at = excluded.reported_at, is_historical = excluded.is_historical,
                category = excluded.category
            """,
            [
                .uuidArray(incidents.map(\.incidentID.rawValue)), .textArray(incidents.map(\.gridCode.digits)),
                .textArray(incidents.map(\.function.rawValue)), .textArray(incidents.map(\.urgency.rawValue)),
                .textArray(incidents.map(\.source.rawValue)), .textArray(incidents.map(\.state.rawValue)),
                .timestamptzArray(incidents.map(\.reportedAt)), .boolArray(incidents.map(\.isHistorical)),
                .textArray(incidents.map(\.category)),
            ])
    }
}
