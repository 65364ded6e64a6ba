import Models

/// Where findings about places are read.
package protocol VenueFindingReading: Sendable {
    /// Findings of a scope, in the order of divisions, kinds and subjects.
    func list(
        divisionPrefix: String, scope: ScopeFilter, after: [String]?, limit: Int
    ) async throws -> [VenueFinding]
}

/// Reads stations, facilities, rooms, and what is not as it should be with them.
package struct ReadVenues: Sendable {
    /// The stations.
    package let stations: any StationStore
    /// The facilities.
    package let facilities: any FacilityStore
    /// The rooms.
    package let rooms: any RoomStore
    /// The findings.
    package let findings: any VenueFindingReading

    /// Reads from stores.
    package init(
        stations: any StationStore, facilities: any FacilityStore, rooms: any RoomStore,
        findings: any VenueFindingReading
    ) {
        self.stations = stations
        self.facilities = facilities
        self.rooms = rooms
        self.findings = findings
    }

    /// A station of a scope.
    package func station(_ id: StationID, scope: ScopeFilter) async throws -> Station {
        guard let station = try await stations.find(id, scope: scope) else { throw VenueNotFound(.station) }
        return station
    }

    /// A facility of a scope.
    package func facility(_ id: FacilityID, scope: ScopeFilter) async throws -> Facility {
        guard let facility = try await facilities.find(id, scope: scope) else { throw VenueNotFound(.facility) }
        return facility
    }

    /// A room of a scope.
    package func room(_ id: RoomID, scope: ScopeFilter) async throws -> Room {
        guard let room = try await rooms.find(id, scope: scope) else { throw VenueNotFound(.room) }
        return room
    }
}
