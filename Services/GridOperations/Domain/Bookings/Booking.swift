import Foundation
import Models

/// A booking of a room 场所预约.
package struct Booking: Sendable, Hashable {
    /// Which one.
    package let id: BookingID
    /// The room.
    package let roomID: RoomID
    /// The community of the room.
    package let divisionCode: DivisionCode
    /// The time, within one day of the county.
    package let time: Range<Date>
    /// What for; erased with the contact.
    package let purpose: String
    /// How many people.
    package let headcount: Int
    /// The applicant's organisation by its unified social credit code.
    package let organisation: String?
    /// The identity provider's id of who booked as himself; nil for a booking that the desk took.
    package let applicant: String?
    /// When it was asked for.
    package let requestedAt: Date
    /// Where it stands.
    package var state: BookingState
    /// Why it was refused or cancelled.
    package var reason: String?
    /// What the community offered in its place.
    package var alternative: Alternative?
    /// When it changed last.
    package var changedAt: Date
    /// How often it has changed, from 1.
    package var version: Int

    /// Gathers the fields.
    package init(
        id: BookingID, roomID: RoomID, divisionCode: DivisionCode, time: Range<Date>, purpose: String, headcount: Int,
        organisation: String? = nil, applicant: String? = nil, requestedAt: Date, state: BookingState,
        reason: String? = nil, alternative: Alternative? = nil, changedAt: Date, version: Int = 1
    ) {
        self.id = id
        self.roomID = roomID
        self.divisionCode = divisionCode
        self.time = time
        self.purpose = purpose
        self.headcount = headcount
        self.organisation = organisation
        self.applicant = applicant
        self.requestedAt = requestedAt
        self.state = state
        self.reason = reason
        self.alternative = alternative
        self.changedAt = changedAt
        self.version = version
    }

    /// Another time, and perhaps another room of the same kind.
    package struct Alternative: Sendable, Hashable {
        /// The room.
        package let roomID: RoomID
        /// The time.
        package let time: Range<Date>

        /// Gathers both.
        package init(roomID: RoomID, time: Range<Date>) {
            self.roomID = roomID
            self.time = time
        }
    }

    /// What readers of events learn of it: no text and no contact.
    package var facts: BookingFacts {
        BookingFacts(
            bookingID: id, roomID: roomID, divisionCode: divisionCode, state: state, from: time.lowerBound,
            to: time.upperBound, applicantID: applicant.flatMap { PersonID($0) })
    }
}

/// Whom to call about a booking.
///
/// Never written, logged or sent as it is.
package struct BookingContact: Sendable, Hashable {
    /// The name.
    package let name: Personal<PersonName>
    /// The mobile number; nil when not stated.
    package let mobile: Personal<String>?

    /// Gathers both.
    package init(name: Personal<PersonName>, mobile: Personal<String>?) {
        self.name = name
        self.mobile = mobile
    }
}

/// A booking with its contact masked.
package struct ShownBooking: Sendable, Hashable {
    /// The booking.
    package let booking: Booking
    /// The masked name; nil when it was erased.
    package let maskedName: String?
    /// The masked mobile number; nil when there is none.
    package let maskedMobile: String?

    /// Gathers the fields.
    package init(booking: Booking, maskedName: String?, maskedMobile: String?) {
        self.booking = booking
        self.maskedName = maskedName
        self.maskedMobile = maskedMobile
    }
}
