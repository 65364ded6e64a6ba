import Models

/// A part of the map, by its edges in degrees.
package struct MapBox: Sendable, Hashable {
    package let west: Double
    package let south: Double
    package let east: Double
    package let north: Double

    /// Reads `west,south,east,north`; nil when it is none, or is empty.
    package init?(_ text: String) {
        let edges = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard edges.count == 4, let west = edges[0], let south = edges[1], let east = edges[2], let north = edges[3],
            (-180...180).contains(west), (-180...180).contains(east), (-90...90).contains(south),
            (-90...90).contains(north), west < east, south < north
        else { return nil }
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }
}

/// How the map is cut into cells: so many to a degree, growing twofold from one step of the zoom to the next.
package struct MapZoom: Sendable, Hashable {
    /// As maps on the web count it: 0 is the world, 18 a house.
    package static let range = 0...18
    /// Cells a tile of the web's maps has on each side.
    private static let cellsOfTile = 4.0
    /// Most cells that a map may have on each side.
    private static let sideMax = 64.0

    /// The step at which a town fills the map.
    package static let town = MapZoom(step: 12)

    private let zoom: Int

    private init(step: Int) { zoom = step }

    /// Takes a step within the range; nil for any other.
    package init?(_ zoom: Int) {
        guard Self.range.contains(zoom) else { return nil }
        self.zoom = zoom
    }

    /// The side of a cell in degrees; it grows with the box, so that a map has a bounded number of cells.
    package func cell(in box: MapBox) -> Double {
        var side = 360.0 / (Double(1 << zoom) * Self.cellsOfTile)
        while max(box.east - box.west, box.north - box.south) / side > Self.sideMax { side *= 2 }
        return side
    }
}

/// Open incidents of a cell of the map.
package struct MapCluster: Sendable, Hashable {
    /// How many there are.
    package let count: Int
    /// The middle of them.
    package let longitude: Double
    package let latitude: Double
    /// The incident, where there is one alone.
    package let incident: IncidentID?

    /// Gathers the fields.
    package init(count: Int, longitude: Double, latitude: Double, incident: IncidentID?) {
        self.count = count
        self.longitude = longitude
        self.latitude = latitude
        self.incident = incident
    }
}
