import Models

/// What is not as it should be with a grid.
package struct GridFinding: Sendable, Hashable {
    /// The kinds of findings; the raw values order a list.
    package enum Kind: String, Sendable, CaseIterable {
        /// An area that lacks one of the three staff 三员 (INV-15).
        case areaIncomplete = "area-incomplete"
        /// An area with more households than one grid worker can know (GB/T 34300).
        case gridTooLarge = "grid-too-large"
        /// A group that lacks a part of 1+1+N (INV-14).
        case groupIncomplete = "group-incomplete"
    }

    /// The kind.
    package let kind: Kind
    /// The grid.
    package let gridCode: GridCode
    /// The roles that nobody holds.
    package let missing: [GridRole]
    /// Its households, where they are too many.
    package let households: Int?
    /// How many there should be at most, where they are too many.
    package let householdsMax: Int?

    /// Gathers the fields.
    package init(
        kind: Kind, gridCode: GridCode, missing: [GridRole] = [], households: Int? = nil, householdsMax: Int? = nil
    ) {
        self.kind = kind
        self.gridCode = gridCode
        self.missing = missing
        self.households = households
        self.householdsMax = householdsMax
    }

    /// Most households of an area (GB/T 34300-2017 as practised, `DOMAIN.md` 3.4): in a town.
    package static let urbanHouseholdsMax = 500
    /// The same where the community is rural.
    package static let ruralHouseholdsMax = 300
}
