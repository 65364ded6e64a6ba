/// A point on the earth, WGS 84.
package struct Position: Sendable, Hashable, Codable {
    /// Degrees east, -180 to 180.
    package let longitude: Double
    /// Degrees north, -90 to 90.
    package let latitude: Double

    /// Takes degrees that exist, or gives nil.
    ///
    /// They are rounded to 7 places (a centimetre), which every text form and the database keep exactly.
    package init?(longitude: Double, latitude: Double) {
        guard (-180...180).contains(longitude), (-90...90).contains(latitude) else { return nil }
        self.longitude = Self.rounded(longitude)
        self.latitude = Self.rounded(latitude)
    }

    private static func rounded(_ degrees: Double) -> Double { (degrees * 1e7).rounded() / 1e7 }
}
