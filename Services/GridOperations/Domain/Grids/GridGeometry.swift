import Models

/// What PostGIS found out about the boundaries of a request, by themselves, among each other and against the stored ones.
package struct GridGeometry: Sendable, Hashable {
    /// Boundaries whose rings cross.
    package var invalid: Set<GridCode> = []
    /// Groups that reach out of their area's stored boundary.
    package var outsideStored: Set<GridCode> = []
    /// Groups that reach out of the boundary that the request gives their area.
    package var outsideSent: Set<GridCode> = []
    /// Overlaps with siblings as they are stored, those that the request changes among them.
    package var overlapsStored: [GridCode: Set<GridCode>] = [:]
    /// Overlaps of siblings within the request, each pair in both orders.
    package var overlapsSent: [GridCode: Set<GridCode>] = [:]
    /// Areas of the request, with the stored groups that they would leave outside.
    package var strands: [GridCode: Set<GridCode>] = [:]

    /// Finds nothing wrong.
    package init() {}
}
