import Models
import Postgres
import ServiceKit

/// Counts the digest in one statement, so that all figures are seen at one moment.
package struct PostgresDigestStore: DigestStore {
    private let executor: any PostgresExecutor

    /// Reads with a pool, a connection or a transaction.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    package func counts(scope: ScopeFilter) async throws -> DigestCounts {
        guard let row = try await executor.query(Self.statement(scope)).rows.first else { return DigestCounts() }
        var counts = DigestCounts()
        counts.asOf = try row.decodeIfPresent("as_of", as: String.self).flatMap { CalendarDay($0) }
        counts.urbanGeneralBranches = try row.decode("urban_general_branches")
        counts.branches = try row.decode("branches")
        counts.townCommittees = try row.decode("town_committees")
        counts.members = try row.decode("members")
        counts.retired = try row.decode("retired")
        counts.twoNew = try row.decode("two_new")
        counts.age35OrLess = try row.decode("age_35_or_less")
        counts.age60OrMore = try row.decode("age_60_or_more")
        counts.collegeOrAbove = try row.decode("college_or_above")
        counts.urbanCommunities = try row.decode("urban_communities")
        counts.urbanCommunitiesWithOrganisation = try row.decode("urban_communities_with_organisation")
        counts.communities = try row.decode("communities")
        counts.surveyedCommunities = try row.decode("surveyed_communities")
        counts.talents = try row.decode("talents")
        counts.units = try row.decode("units")
        counts.unitMembers = try row.decode("unit_members")
        counts.urbanTargets = try row.decode("urban_targets")
        counts.otherTargets = try row.decode("other_targets")
        counts.stations = try row.decode("stations")
        counts.neighbourPoints = try row.decode("neighbour_points")
        counts.stationsSince = try row.decodeIfPresent("stations_since")
        counts.areas = try row.decode("areas")
        counts.areasWithThreeStaff = try row.decode("areas_with_three_staff")
        counts.groups = try row.decode("groups")
        counts.groupsWithOnePlusOnePlusN = try row.decode("groups_with_one_plus_one_plus_n")
        let functions: [String] = try row.decode("incident_functions")
        let incidents: [Int64] = try row.decode("incident_counts")
        for (name, count) in zip(functions, incidents) {
            guard let function = GridFunction(rawValue: name) else { continue }
            counts.incidents[function] = Int(count)
        }
        return counts
    }

    /// Definitions of version 1 of the formulas.
    ///
    /// Member counts are those of branches alone, since the bodies above them may report the same members again. A
    /// community is a division of twelve digits. A pairing counts until its owner says that it ended.
    /// A station counts from its opening until it is closed, also while it is upgraded.
    private static func statement(_ scope: ScopeFilter) -> PostgresStatement {
        """
        with urban as (
            select code from gateway.divisions
            where kind in ('urbanCommunity', 'convertedFromVillage') and \(scope: scope, on: "code")
        ), members as (
            select max(c.as_of) as as_of, coalesce(sum(c.total), 0) as members, coalesce(sum(c.retired), 0) as retired,
                coalesce(sum(c.two_new), 0) as two_new, coalesce(sum(c.age_35_or_less), 0) as age_35_or_less,
                coalesce(sum(c.age_60_or_more), 0) as age_60_or_more,
                coalesce(sum(c.college_or_above), 0) as college_or_above
            from gateway.member_counts c
            join gateway.party_organisations o on o.code = c.organisation_code and o.kind = 'branch'
            where \(scope: scope, on: "c.division_code")
        ), organisations as (
            select count(*) filter (where o.kind = 'generalBranch' and u.code is not null) as urban_general_branches,
                count(*) filter (where o.kind = 'branch') as branches,
                count(*) filter (where o.kind = 'townCommittee') as town_committees,
                count(distinct u.code) as urban_communities_with_organisation
            from gateway.party_organisations o left join urban u on u.code = o.division_code
            where \(scope: scope, on: "o.division_code")
        ), surveyed as (
            select count(*) as talents,
                count(distinct division_code) filter (where length(division_code) = 12) as surveyed_communities
            from gateway.talents where \(scope: scope, on: "division_code")
        ), county_units as (
            select count(*) as units, coalesce(sum(member_count), 0) as unit_members
            from gateway.units n
            where \(scope: scope, unit: "unit_code")
               or exists (select from gateway.pairings p
                          where p.unit_code = n.unit_code and \(scope: scope, on: "p.target_code"))
        ), targets as (
            select count(*) filter (where u.code is not null) as urban_targets,
                count(*) filter (where u.code is null) as other_targets
            from (select distinct target_code from gateway.pairings where \(scope: scope, on: "target_code")) t left join urban u on u.code = t.target_code
        ), staff as (
            select grid_code,
                bool_or(role = 'communityCadre') and bool_or(role = 'partyGroupLeader') and bool_or(role = 'volunteer')
                    as has_one_plus_one_plus_n,
                bool_or(role = 'gridWorker') and bool_or(role = 'gridPolice') and bool_or(role = 'volunteerTeam')
                    as has_three_staff
            from gateway.grid_assignments where \(scope: scope, on: "grid_code") group by grid_code
        ), staffed_grids as (
            select count(*) filter (where g.level = 'area') as areas,
                count(*) filter (where g.level = 'area' and s.has_three_staff) as areas_with_three_staff,
                count(*) filter (where g.level = 'group') as groups,
                count(*) filter (where g.level = 'group' and s.has_one_plus_one_plus_n)
                    as groups_with_one_plus_one_plus_n
            from gateway.grids g left join staff s on s.grid_code = g.code
            where \(scope: scope, on: "g.code")
        ), venues as (
            select count(*) filter (where kind = 'station') as stations,
                count(*) filter (where kind = 'neighbourPoint') as neighbour_points,
                min(opened_year) filter (where kind = 'station') as stations_since
            from gateway.stations where state in ('open', 'upgrading') and \(scope: scope, on: "division_code")
        ), incidents_by_function as (
            select function, count(*) as incidents from gateway.incidents
            where \(scope: scope, on: "grid_code") group by function
        )
        select m.*, o.*, s.*, c.*, t.*, g.*, v.*,
            (select count(*) from urban) as urban_communities,
            (select count(*) from gateway.divisions
             where level = 'community' and \(scope: scope, on: "code")) as communities,
            array(select function from incidents_by_function order by function) as incident_functions,
            array(select incidents from incidents_by_function order by function) as incident_counts
        from members m, organisations o, surveyed s, county_units c, targets t, staffed_grids g, venues v
        """
    }
}
