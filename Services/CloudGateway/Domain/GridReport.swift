import Models

/// What the gateway's tables count for the report of grids, all seen at one moment.
package struct GridCounts: Sendable, Equatable {
    /// A community with its grids.
    package struct Community: Sendable, Equatable {
        /// Its code.
        package let code: String
        /// Its name, if its event has come.
        package let name: String?
        /// Responsibility areas, and those with grid worker, grid police and volunteer team 三员.
        package let areas: Int
        package let areasWithThreeStaff: Int
        /// Service groups, and those with cadre, Party-group leader and volunteers 1+1+N.
        package let groups: Int
        package let groupsWithOnePlusOnePlusN: Int

        /// Gathers the fields.
        package init(
            code: String, name: String?, areas: Int, areasWithThreeStaff: Int, groups: Int,
            groupsWithOnePlusOnePlusN: Int
        ) {
            self.code = code
            self.name = name
            self.areas = areas
            self.areasWithThreeStaff = areasWithThreeStaff
            self.groups = groups
            self.groupsWithOnePlusOnePlusN = groupsWithOnePlusOnePlusN
        }
    }

    /// Communities that have grids, by code.
    package var communities: [Community]

    /// Gathers communities.
    package init(communities: [Community] = []) { self.communities = communities }
}

/// The report of grids 网格 (REP-10).
package struct GridReport: Sendable, Equatable {
    /// The version of the definitions; a changed definition is a new version.
    package static let formulaVersion = "1"

    /// The day of the figures 统计时点: when they were counted.
    package let asOf: CalendarDay?
    /// Communities that have grids, by code.
    package let communities: [GridCounts.Community]

    /// Makes the report.
    package init(_ counts: GridCounts, asOf: CalendarDay?) {
        communities = counts.communities
        self.asOf = asOf
    }

    /// What the report is made of: communities, areas and groups.
    package var n: Int { communities.count + areas + groups }

    /// Responsibility areas.
    package var areas: Int { communities.reduce(0) { $0 + $1.areas } }

    /// Service groups.
    package var groups: Int { communities.reduce(0) { $0 + $1.groups } }

    /// Groups with 1+1+N.
    package var onePlusOnePlusN: Percentage {
        Percentage(communities.reduce(0) { $0 + $1.groupsWithOnePlusOnePlusN }, of: groups)
    }

    /// Areas with 三员.
    package var threeStaff: Percentage {
        Percentage(communities.reduce(0) { $0 + $1.areasWithThreeStaff }, of: areas)
    }
}
