import Models

/// What is not as it should be with a community's places.
package struct VenueFinding: Sendable, Hashable {
    /// The kinds of findings; the raw values order a list.
    package enum Kind: String, Sendable, CaseIterable {
        /// A room that nobody may book, stated as open to residents.
        case closedRoomOpen = "closed-room-open"
        /// A room that can be booked and has no opening hours, so that nobody can.
        case roomWithoutHours = "room-without-hours"
        /// A station of which nobody has said what it does.
        case stationWithoutFunctions = "station-without-functions"
        /// A community that lacks rooms of 一站六室.
        case venueIncomplete = "venue-incomplete"
    }

    /// The kind.
    package let kind: Kind
    /// The division.
    package let divisionCode: DivisionCode
    /// The room or station, where it is about one.
    package let subject: String?
    /// The kinds of rooms that are missing.
    package let missing: [RoomKind]

    /// Gathers the fields.
    package init(kind: Kind, divisionCode: DivisionCode, subject: String? = nil, missing: [RoomKind] = []) {
        self.kind = kind
        self.divisionCode = divisionCode
        self.subject = subject
        self.missing = missing
    }
}
