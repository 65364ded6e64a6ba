/// The beginning of division and grid codes: everything that lies in one division.
///
/// It ends where a level ends: 2 digits are a province, 4 a prefecture, 6 a county, 9 a town, 12 a community, 15 an area
/// of a grid, 17 a group. So it never begins the code of a neighbour.
package struct DivisionPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The lengths at which a level ends.
    package static let lengths: Set<Int> = [2, 4, 6, 9, 12, 15, 17]

    /// The digits.
    package let digits: String

    /// Takes as many ASCII digits as a level has, or gives nil.
    package init?(_ text: some StringProtocol) {
        guard Self.lengths.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        digits = String(text)
    }

    package var description: String { digits }
}

/// What a role is given for: a division with all that lies in it, a unit, what is one's own, or everything.
package enum Scope: Sendable, Hashable {
    /// Everything, written `*`.
    case suite
    /// A division or grid and all that lies in it, written as its digits.
    case division(DivisionPrefix)
    /// A unit by its code, written `unit:<code>`.
    case unit(String)
    /// What is the person's own, written `self`.
    case own

    /// Reads the written form, or gives nil.
    package init?(_ text: String) {
        if text == "*" {
            self = .suite
        } else if text == "self" {
            self = .own
        } else if let prefix = DivisionPrefix(text) {
            self = .division(prefix)
        } else if text.hasPrefix("unit:") {
            let code = text.dropFirst(5)
            guard (1...64).contains(code.utf8.count), code.utf8.allSatisfy(Self.isCodeByte) else { return nil }
            self = .unit(String(code))
        } else {
            return nil
        }
    }

    /// The written form.
    package var text: String {
        switch self {
        case .suite: "*"
        case .division(let prefix): prefix.digits
        case .unit(let code): "unit:\(code)"
        case .own: "self"
        }
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d
    }
}

extension Scope: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let scope = Scope(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a scope")
        }
        self = scope
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A role for a scope, as a token carries it.
package struct Grant: Sendable, Hashable, Codable {
    /// The role.
    package let role: Role
    /// What it is given for.
    package let scope: Scope

    /// Gives a role for a scope.
    package init(_ role: Role, _ scope: Scope) {
        self.role = role
        self.scope = scope
    }
}
