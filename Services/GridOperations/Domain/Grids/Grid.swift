import Models

/// A grid 网格: a responsibility area 责任区 of a community, or a service group 服务小组 of an area.
package struct Grid: Sendable, Hashable {
    /// The code, unique for ever; a grid is never removed.
    package var code: GridCode
    /// The name.
    package var name: String
    /// Households in the grid; nil when not stated.
    package var households: Int?
    /// Where it lies.
    package var boundary: GridBoundary

    /// Gathers the fields.
    package init(code: GridCode, name: String, households: Int? = nil, boundary: GridBoundary) {
        self.code = code
        self.name = name
        self.households = households
        self.boundary = boundary
    }

    /// The code of what it lies in: a community's for an area, an area's for a group.
    package var parentCode: String { code.parentCode }

    /// What readers of events learn of it.
    package var facts: GridFacts { GridFacts(code: code, level: code.level, households: households) }
}

extension GridCode {
    /// The code of what a grid of this code lies in: a community's for an area, an area's for a group.
    package var parentCode: String { String(digits.prefix(level == .area ? 12 : 15)) }

    /// The digits of the community that the grid lies in.
    package var communityDigits: String { String(digits.prefix(12)) }
}
