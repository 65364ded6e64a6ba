/// A unified social credit code of an organisation, GB 32100-2015: 18 characters with a check character.
package struct UnifiedSocialCreditCode: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The code in upper case.
    package let text: String

    /// What is wrong with a code.
    package enum Fault: String, Error, Sendable, CaseIterable {
        case length
        case character
        case checkCharacter
    }

    /// Checks form and check character.
    ///
    /// - Throws: `Fault`.
    package init(_ text: String) throws(Fault) {
        let upper = text.uppercased()
        guard upper.count == 18 else { throw .length }
        // The Kelvin sign is equal to K as a character, but its bytes are others, and keys are hashed by bytes.
        guard upper.utf8.count == 18 else { throw .character }
        var sum = 0
        var weight = 1
        var last = 0
        for (index, character) in upper.enumerated() {
            guard let value = Self.values[character] else { throw .character }
            last = value
            guard index < 17 else { break }
            sum += value * weight
            weight = weight * 3 % 31
        }
        guard last == (31 - sum % 31) % 31 else { throw .checkCharacter }
        self.text = upper
    }

    package var description: String { text }

    private static let values = Dictionary(
        uniqueKeysWithValues: "0123456789ABCDEFGHJKLMNPQRTUWXY".enumerated().map { ($0.element, $0.offset) })

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            try self.init(try container.decode(String.self))
        } catch let fault as Fault {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a unified social credit code: \(fault.rawValue)")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
