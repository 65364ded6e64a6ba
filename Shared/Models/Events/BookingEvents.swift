import Foundation

/// What readers know of a booking: no text, no contact.
package struct BookingFacts: Codable, Sendable, Equatable {
    /// Which one.
    package var bookingID: BookingID
    /// The room.
    package var roomID: RoomID
    /// The community of the room.
    package var divisionCode: DivisionCode
    /// The state after the event.
    package var state: BookingState
    /// From when.
    package var from: Date
    /// Until when.
    package var to: Date
    /// The inbox of the applicant, who booked as himself.
    package var applicantID: PersonID?

    /// Gathers the facts.
    package init(
        bookingID: BookingID, roomID: RoomID, divisionCode: DivisionCode, state: BookingState, from: Date, to: Date,
        applicantID: PersonID? = nil
    ) {
        self.bookingID = bookingID
        self.roomID = roomID
        self.divisionCode = divisionCode
        self.state = state
        self.from = from
        self.to = to
        self.applicantID = applicantID
    }
}

/// An event about a booking; every one carries it as it is after the event.
package protocol BookingEvent: EventPayload {
    /// What it is after the event.
    var booking: BookingFacts { get }
    /// Wraps the facts.
    init(booking: BookingFacts)
}

extension BookingEvent {
    package static var topic: Topic { .booking }
    package var aggregateID: String { booking.bookingID.description }
    package var divisionCode: DivisionCode? { booking.divisionCode }
}

/// A room was asked for: to be approved, or on the waiting list; or a booking moved up to be approved.
package struct BookingRequested: BookingEvent {
    package static let name = "BookingRequested"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// A booking was approved, by the community or by itself (EV-23).
package struct BookingApproved: BookingEvent {
    package static let name = "BookingApproved"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// A request for a room was refused.
package struct BookingRefused: BookingEvent {
    package static let name = "BookingRefused"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// A booking was cancelled by the applicant or by the community (EV-23).
package struct BookingCancelled: BookingEvent {
    package static let name = "BookingCancelled"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// A booked room was taken into use.
package struct BookingStarted: BookingEvent {
    package static let name = "BookingStarted"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// The use of a booked room ended.
package struct BookingFinished: BookingEvent {
    package static let name = "BookingFinished"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// Nobody came to a booked room; nothing follows from it.
package struct BookingMissed: BookingEvent {
    package static let name = "BookingMissed"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}

/// The present state of a booking, said again for readers that came late.
package struct BookingStated: BookingEvent {
    package static let name = "BookingStated"
    package var booking: BookingFacts
    package init(booking: BookingFacts) { self.booking = booking }
}
