import Foundation
import Hummingbird
import Models

/// What an applicant is told of a new booking.
struct BookingReceiptBody: ResponseEncodable, Sendable {
    let id: BookingID
    let roomID: RoomID
    let from: Date
    let to: Date
    let state: BookingState
    let version: Int

    init(_ receipt: BookingReceipt) {
        id = receipt.id
        roomID = receipt.roomID
        from = receipt.from
        to = receipt.to
        state = receipt.state
        version = receipt.version
    }
}

/// A booking in an answer; the contact is masked.
struct BookingBody: ResponseEncodable, Sendable {
    /// What the community offered in its place.
    struct Alternative: Encodable, Sendable {
        let roomID: RoomID
        let from: Date
        let to: Date
    }

    let id: BookingID
    let roomID: RoomID
    let divisionCode: String
    let from: Date
    let to: Date
    let purpose: String
    let headcount: Int
    let organisation: String?
    let state: BookingState
    let contactName: String?
    let contactMobile: String?
    let reason: String?
    let alternative: Alternative?
    let requestedAt: Date
    let changedAt: Date
    let version: Int

    init(_ shown: ShownBooking) {
        let booking = shown.booking
        id = booking.id
        roomID = booking.roomID
        divisionCode = booking.divisionCode.digits
        from = booking.time.lowerBound
        to = booking.time.upperBound
        purpose = booking.purpose
        headcount = booking.headcount
        organisation = booking.organisation
        state = booking.state
        contactName = shown.maskedName
        contactMobile = shown.maskedMobile
        reason = booking.reason
        alternative = booking.alternative.map {
            Alternative(roomID: $0.roomID, from: $0.time.lowerBound, to: $0.time.upperBound)
        }
        requestedAt = booking.requestedAt
        changedAt = booking.changedAt
        version = booking.version
    }

    /// The answer to an order: who gave it has seen the contact before, and needs it no more.
    init(_ booking: Booking) {
        self.init(ShownBooking(booking: booking, maskedName: nil, maskedMobile: nil))
    }
}
