import Models

/// A polygon as GeoJSON writes it (RFC 7946, 3.1.6): WGS 84, longitude before latitude.
package struct GeoJSONPolygon: Codable, Sendable, Hashable {
    /// Always `Polygon`.
    package var type: String?
    /// The rings: each a list of positions, each position of two numbers or more.
    package var coordinates: [[[Double]]]?

    /// Gathers the members.
    package init(type: String?, coordinates: [[[Double]]]?) {
        self.type = type
        self.coordinates = coordinates
    }

    /// The boundary of a grid as GeoJSON.
    package init(_ boundary: GridBoundary) {
        type = "Polygon"
        coordinates = boundary.rings.map { ring in ring.map { [$0.longitude, $0.latitude] } }
    }
}

extension GridBoundary {
    /// Reads a polygon of GeoJSON; a height is left out.
    ///
    /// - Throws: `Fault`.
    package init(_ polygon: GeoJSONPolygon) throws(Fault) {
        guard polygon.type == "Polygon", let coordinates = polygon.coordinates, !coordinates.isEmpty else {
            throw .form
        }
        guard coordinates.reduce(0, { $0 + $1.count }) <= Self.pointsMax else { throw .tooManyPoints }
        var rings: [[Position]] = []
        for ring in coordinates {
            var points: [Position] = []
            for numbers in ring {
                guard numbers.count >= 2 else { throw .form }
                guard let point = Position(longitude: numbers[0], latitude: numbers[1]) else { throw .coordinate }
                points.append(point)
            }
            guard points.count >= 4, points.first == points.last else { throw .openRing }
            rings.append(points)
        }
        self.init(rings: rings)
    }
}
