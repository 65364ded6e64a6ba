/// An administrative division code: 6 digits for a county, 9 for a town, 12 for a village or community.
///
/// GB/T 2260 and GB/T 10114; a code's own prefix of 6 or 9 digits is its parent.
package struct DivisionCode: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// The digits.
    package let digits: String

    /// Takes 6, 9 or 12 ASCII digits, or gives nil.
    package init?(_ text: some StringProtocol) {
        guard [6, 9, 12].contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        digits = String(text)
    }

    /// The level that the length says.
    package var level: DivisionLevel {
        switch digits.utf8.count {
        case 6: .county
        case 9: .town
        default: .community
        }
    }

    /// The division one level up; nil for a county.
    package var parent: DivisionCode? { level == .county ? nil : DivisionCode(digits.dropLast(3)) }

    /// Says whether this division lies in another or is it.
    package func isWithin(_ other: DivisionCode) -> Bool { digits.hasPrefix(other.digits) }

    package var description: String { digits }

    package static func < (left: DivisionCode, right: DivisionCode) -> Bool { left.digits < right.digits }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let code = DivisionCode(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a division code is 6, 9 or 12 digits")
        }
        self = code
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(digits)
    }
}

/// The level of a division in the suite.
///
/// Villages and communities are one level.
package enum DivisionLevel: String, Sendable, Codable, CaseIterable {
    case county
    case town
    case community
}

/// What kind of village or community a division is.
///
/// The kind is stated by the county and never guessed from a name.
package enum CommunityKind: String, Sendable, Codable, CaseIterable {
    case urbanCommunity
    case convertedFromVillage
    case ruralCommunity
    case administrativeVillage

    /// Urban communities, those converted from villages among them, are what REP-01 counts.
    package var isUrban: Bool { self == .urbanCommunity || self == .convertedFromVillage }
}
