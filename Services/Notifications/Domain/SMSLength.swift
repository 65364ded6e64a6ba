/// How long a short message is, as carriers count it.
///
/// A text with Chinese signs is sent in units of UTF-16: one message holds 70, and of a longer one each part holds 67,
/// for three carry its order. The signature 【…】 in front counts (DOMAIN 3.13).
package struct SMSLength: Sendable, Equatable {
    /// What one message holds.
    package static let whole = 70
    /// What each part of a longer one holds.
    package static let part = 67
    /// The longest that the provider takes.
    package static let longest = 500

    /// Units of UTF-16, signature and brackets included.
    package let units: Int

    /// Counts a text that is sent under a signature, which comes without brackets; empty is none.
    package init(text: String, signature: String) {
        units = text.utf16.count + (signature.isEmpty ? 0 : signature.utf16.count + 2)
    }

    /// How many messages are paid for.
    package var messages: Int {
        units <= Self.whole ? 1 : (units + Self.part - 1) / Self.part
    }

    /// Whether the provider takes it.
    package var isTaken: Bool { units <= Self.longest }
}
