import ServiceKit

extension DivisionProjection {
    /// The table `pairing.divisions`.
    package static let pairing = DivisionProjection(schema: "pairing")
}
