/// An amount of money in integer fen, CNY.
package struct Money: Sendable, Hashable, Comparable, Codable {
    /// The amount in fen; a hundred fen are a yuan.
    package let fen: Int64

    /// Makes an amount from fen.
    package init(fen: Int64) { self.fen = fen }

    /// Makes an amount from whole yuan, or gives nil beyond what 64 bits of fen hold.
    package init?(yuan: Int64) {
        let (fen, overflow) = yuan.multipliedReportingOverflow(by: 100)
        guard !overflow else { return nil }
        self.init(fen: fen)
    }

    package static func < (left: Money, right: Money) -> Bool { left.fen < right.fen }

    package init(from decoder: any Decoder) throws {
        fen = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fen)
    }
}
