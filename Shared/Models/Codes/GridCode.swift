/// A grid code: 15 digits for a responsibility area, 17 for a service group.
///
/// Unique for ever.
///
/// The first 12 digits are the community, the next three the area, the last two the group.
package struct GridCode: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The digits.
    package let digits: String

    /// Takes 15 or 17 ASCII digits, or gives nil.
    package init?(_ text: some StringProtocol) {
        guard [15, 17].contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        digits = String(text)
    }

    /// The level that the length says.
    package var level: GridLevel { digits.utf8.count == 15 ? .area : .group }

    /// The community that the grid lies in.
    package var community: DivisionCode? { DivisionCode(digits.prefix(12)) }

    /// The responsibility area: itself, or the area of a group.
    package var area: GridCode? { GridCode(digits.prefix(15)) }

    package var description: String { digits }

    package static func < (left: GridCode, right: GridCode) -> Bool { left.digits < right.digits }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let code = GridCode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a grid code is 15 or 17 digits")
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits)
    }
}

/// The levels below the community: responsibility area 责任区 and service group 服务小组.
package enum GridLevel: String, Sendable, Codable, CaseIterable {
    case area
    case group
}

/// Who holds what in a grid: 1+1+N on groups, the three staff 三员 on areas.
package enum GridRole: String, Sendable, Codable, CaseIterable {
    case communityCadre
    case partyGroupLeader
    case volunteer
    case gridWorker
    case gridPolice
    case volunteerTeam
}
