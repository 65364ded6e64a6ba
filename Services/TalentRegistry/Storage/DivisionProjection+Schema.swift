import ServiceKit

extension DivisionProjection {
    /// The table `talent.divisions`.
    package static let talent = DivisionProjection(schema: "talent")
}
