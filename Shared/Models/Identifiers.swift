import Foundation

/// An identifier that is a UUID and cannot be mistaken for another kind of identifier.
package protocol UUIDIdentifier: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible
where RawValue == UUID {
    init(rawValue: UUID)
}

extension UUIDIdentifier {
    /// Makes a new identifier that sorts by time (UUID version 7).
    package static func new() -> Self { Self(rawValue: .version7()) }

    /// Reads the canonical text form, or gives nil.
    package init?(_ text: String) {
        guard let value = UUID(uuidString: text) else { return nil }
        self.init(rawValue: value)
    }

    /// The canonical lower-case text form, as events and URLs carry it.
    package var description: String { rawValue.uuidString.lowercased() }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self.init(rawValue: try container.decode(UUID.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Names an incident.
package struct IncidentID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a whistle: a call of a town for several units to come.
package struct WhistleID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a person without saying who: made by the service that keeps the person, the same for the same person
/// within that service, and good as the name of an inbox.
package struct PersonID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names one holding of a role in a grid.
package struct GridAssignmentID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a person's entry on the talent ledger.
package struct TalentID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a pairing of a unit with a community or village.
package struct PairingID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a station or neighbour point.
package struct StationID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a facility: premises that rooms may lie in.
package struct FacilityID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a room of a community's venue.
package struct RoomID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Names a booking of a room.
package struct BookingID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}
