import Models

/// What the gateway's tables count for the digest, all seen at one moment.
package struct DigestCounts: Sendable, Equatable {
    /// The newest day of the member counts; nil when none has come.
    package var asOf: CalendarDay?
    /// General branches in urban communities.
    package var urbanGeneralBranches = 0
    /// Branches.
    package var branches = 0
    /// Town committees.
    package var townCommittees = 0
    /// Members of branches, and the groups among them, which overlap (ruling A02).
    package var members = 0
    package var retired = 0
    package var twoNew = 0
    package var age35OrLess = 0
    package var age60OrMore = 0
    package var collegeOrAbove = 0
    /// Urban communities, and those of them with a Party organisation.
    package var urbanCommunities = 0
    package var urbanCommunitiesWithOrganisation = 0
    /// Villages and communities, and those of them with a talent on the ledger.
    package var communities = 0
    package var surveyedCommunities = 0
    /// Talents on the ledger.
    package var talents = 0
    /// Units, and the members that they registered.
    package var units = 0
    package var unitMembers = 0
    /// Urban communities, and other communities and villages, with a pairing.
    package var urbanTargets = 0
    package var otherTargets = 0
    /// Stations, and good-neighbour points, that are there.
    package var stations = 0
    package var neighbourPoints = 0
    /// The year of the first station; nil when there is none.
    package var stationsSince: Int?
    /// Incidents by function.
    package var incidents: [GridFunction: Int] = [:]
    /// Areas, and those of them with all three staff 三员.
    package var areas = 0
    package var areasWithThreeStaff = 0
    /// Groups, and those of them with 1+1+N.
    package var groups = 0
    package var groupsWithOnePlusOnePlusN = 0

    package init() {}
}

/// The one-page digest 一页通 (REP-20), as far as the sheets reach that are imported so far.
package struct Digest: Sendable, Equatable {
    /// The version of the definitions below; a changed definition is a new version.
    package static let formulaVersion = "1"

    /// A figure of the digest.
    package enum Figure: Sendable, Equatable {
        /// A count.
        case count(Quantity)
        /// A count of which the parts are told too.
        case split(Quantity, parts: [String: Int])
        /// A share, with the counts that it is computed from.
        case share(Percentage)
        /// A year; nil when nothing has one.
        case year(Int?)
    }

    /// The day of the figures 统计时点.
    package let asOf: CalendarDay?
    /// Every figure.
    package let figures: [DigestFigure: Figure]
    /// Incidents by function, every function named.
    package let incidents: [GridFunction: Int]
    /// Areas, and those with a grid worker, a linked police officer and a volunteer team.
    package let areas: Int
    package let areasWithThreeStaff: Int
    /// Groups, and those with a community cadre, a Party-group leader and at least one volunteer.
    package let groups: Int
    package let groupsWithOnePlusOnePlusN: Int

    /// Makes the digest of counts.
    ///
    /// - Parameters:
    ///   - counts: what the tables say.
    ///   - today: the day of the figures as long as no organisation has reported member counts.
    package init(_ counts: DigestCounts, today: CalendarDay?) {
        asOf = counts.asOf ?? today
        incidents = Dictionary(
            uniqueKeysWithValues: GridFunction.allCases.map { ($0, counts.incidents[$0] ?? 0) })
        areas = counts.areas
        areasWithThreeStaff = counts.areasWithThreeStaff
        groups = counts.groups
        groupsWithOnePlusOnePlusN = counts.groupsWithOnePlusOnePlusN
        figures = Dictionary(
            uniqueKeysWithValues: DigestFigure.allCases.map { ($0, Self.figure($0, of: counts)) })
    }

    /// All incidents.
    package var incidentsTotal: Int { incidents.values.reduce(0, +) }

    private static func figure(_ figure: DigestFigure, of counts: DigestCounts) -> Figure {
        switch figure {
        case .urbanOrganisations: .count(Quantity(counts.urbanGeneralBranches))
        case .branches: .count(Quantity(counts.branches))
        case .townCommittees: .count(Quantity(counts.townCommittees))
        case .members: .count(Quantity(counts.members))
        case .retiredMembers: .count(Quantity(counts.retired))
        case .twoNewMembers: .count(Quantity(counts.twoNew))
        case .membersAged35OrLess: .count(Quantity(counts.age35OrLess))
        case .membersAged60OrMore: .count(Quantity(counts.age60OrMore))
        case .membersWithCollegeOrAbove: .count(Quantity(counts.collegeOrAbove))
        case .organisationCoverage:
            .share(Percentage(counts.urbanCommunitiesWithOrganisation, of: counts.urbanCommunities))
        case .surveyedCommunities: .split(Quantity(counts.surveyedCommunities), parts: ["of": counts.communities])
        case .talents: .count(Quantity(counts.talents))
        case .units: .count(Quantity(counts.units))
        case .unitMembers: .count(Quantity(counts.unitMembers, .moreThan))
        case .pairingTargets:
            .split(
                Quantity(counts.urbanTargets + counts.otherTargets),
                parts: ["urban": counts.urbanTargets, "other": counts.otherTargets])
        case .stations: .split(Quantity(counts.stations), parts: ["points": counts.neighbourPoints])
        case .stationsSince: .year(counts.stationsSince)
        }
    }
}
