/// What readers know of a room.
package struct RoomFacts: Codable, Sendable, Equatable {
    /// Which one.
    package var roomID: RoomID
    /// The community that it belongs to.
    package var divisionCode: DivisionCode
    /// What it is for.
    package var kind: RoomKind
    /// Whom it is open to.
    package var openTo: RoomAudience
    /// Whether it can be booked.
    package var isBookable: Bool
    /// Whether it is in use; a room is never deleted.
    package var isInUse: Bool
    /// How many people it takes, if stated.
    package var capacity: Int?
    /// By what right it is used: its own statement, or else that of its facility.
    package var tenure: Tenure?
    /// Its area in whole square metres, if stated.
    package var areaSquareMetres: Int?

    /// Gathers the facts.
    package init(
        roomID: RoomID, divisionCode: DivisionCode, kind: RoomKind, openTo: RoomAudience, isBookable: Bool,
        isInUse: Bool = true, capacity: Int? = nil, tenure: Tenure? = nil, areaSquareMetres: Int? = nil
    ) {
        self.roomID = roomID
        self.divisionCode = divisionCode
        self.kind = kind
        self.openTo = openTo
        self.isBookable = isBookable
        self.isInUse = isInUse
        self.capacity = capacity
        self.tenure = tenure
        self.areaSquareMetres = areaSquareMetres
    }
}

/// An event about a room; every one carries it as it is after the event.
package protocol RoomEvent: EventPayload {
    /// What it is after the event.
    var room: RoomFacts { get }
    /// Wraps the facts.
    init(room: RoomFacts)
}

extension RoomEvent {
    package static var topic: Topic { .room }
    package var aggregateID: String { room.roomID.description }
    package var divisionCode: DivisionCode? { room.divisionCode }
}

/// A room of a community's venue was entered for the first time.
package struct RoomRegistered: RoomEvent {
    package static let name = "RoomRegistered"
    package var room: RoomFacts
    package init(room: RoomFacts) { self.room = room }
}

/// A room's particulars changed.
package struct RoomChanged: RoomEvent {
    package static let name = "RoomChanged"
    package var room: RoomFacts
    package init(room: RoomFacts) { self.room = room }
}

/// The present state of a room, said again for readers that came late.
package struct RoomStated: RoomEvent {
    package static let name = "RoomStated"
    package var room: RoomFacts
    package init(room: RoomFacts) { self.room = room }
}
