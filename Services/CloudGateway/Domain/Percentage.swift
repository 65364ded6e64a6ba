/// A share that is computed from counts and never typed (INV-31), with two decimals, rounded half up.
package struct Percentage: Sendable, Hashable {
    /// The part, 0 or more.
    package let numerator: Int
    /// The whole, 0 or more.
    package let denominator: Int

    /// Joins part and whole.
    package init(_ numerator: Int, of denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Hundredths of a percent, rounded half up; nil when there is no whole to take a share of.
    package var hundredths: Int? {
        guard denominator > 0 else { return nil }
        // Integers alone: 56.545 must not become 56.54 because of how a fraction is held in binary.
        return (numerator * 20_000 + denominator) / (2 * denominator)
    }

    /// The percentage; nil when there is no whole.
    package var value: Double? { hundredths.map { Double($0) / 100 } }

    /// The text with two decimals, `56.55%`; `-` when there is no whole.
    package var text: String {
        hundredths.map { Self.decimals($0) + "%" } ?? "-"
    }

    /// Hundredths as a text with two decimals.
    package static func decimals(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
