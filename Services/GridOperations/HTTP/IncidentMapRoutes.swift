import Hummingbird
import HummingbirdCore
import Models
import ServiceKit

/// The map of open incidents.
struct IncidentMapRoutes {
    let map: MapIncidents

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/incident-map", .allowed(to: .incidentMapReading, scope: .division)) { request, context in
            guard let box = try request.query("box", { MapBox($0) }) else {
                throw Problem.malformed(
                    field: "box", "缺少查询参数 box（西,南,东,北）", "the query item box (west,south,east,north) is missing")
            }
            let zoom = try request.query("zoom") { Int($0).flatMap { MapZoom($0) } } ?? .town
            return IncidentMapBody(clusters: try await map(in: box, zoom: zoom, scope: context.scope))
        }
    }
}

/// The open incidents of a part of the map.
struct IncidentMapBody: ResponseEncodable, Sendable {
    struct Cluster: Encodable, Sendable {
        let count: Int
        let longitude: Double
        let latitude: Double
        /// The incident, where there is one alone.
        let incident: IncidentID?
    }

    let count: Int
    let clusters: [Cluster]

    init(clusters: [MapCluster]) {
        count = clusters.reduce(0) { $0 + $1.count }
        self.clusters = clusters.map {
            Cluster(count: $0.count, longitude: $0.longitude, latitude: $0.latitude, incident: $0.incident)
        }
    }
}
