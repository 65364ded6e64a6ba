import Foundation
import Models

/// Who asks for a room.
package struct Applicant: Sendable, Hashable {
    /// The identity provider's id of who books as himself; nil when the community's desk takes the booking.
    package let subject: String?
    /// Rooms open to whom he may book.
    package let audiences: Set<RoomAudience>

    /// Gathers both.
    package init(subject: String?, audiences: Set<RoomAudience>) {
        self.subject = subject
        self.audiences = audiences
    }
}

/// Decides over the time of one room: first come, first served, whoever it is (INV-18).
///
/// Pure; whoever calls it holds the room's lock.
package struct RoomDesk: Sendable {
    private let room: Room
    private let moment: Date

    /// The desk of a room at a moment.
    package init(room: Room, at moment: Date) {
        self.room = room
        self.moment = moment.wholeMilliseconds
    }

    /// What becomes of a request.
    ///
    /// - Parameter holding: the bookings of the room that hold a time which overlaps the wanted one.
    /// - Throws: `RowFaults` for a time outside the hours or too many people; `BookingRefusal`, of which `timeTaken` has no
    ///   alternative yet.
    package func take(
        _ request: BookingRequest, id: BookingID, from applicant: Applicant, holding: [Booking]
    ) throws -> BookingChange {
        guard room.isInUse, room.isBookable, applicant.audiences.contains(room.stated.openTo) else {
            throw BookingRefusal.roomNotBookable
        }
        try check(request)
        let isTaken = holding.contains { $0.state.holdsTime && $0.time.overlaps(request.time) }
        guard !isTaken || request.waits else { throw BookingRefusal.timeTaken(alternative: nil) }
        var booking = Booking(
            id: id, roomID: room.id, divisionCode: room.stated.divisionCode, time: request.time,
            purpose: request.purpose, headcount: request.headcount, organisation: request.organisation,
            applicant: applicant.subject, requestedAt: moment, state: isTaken ? .waiting : .requested, changedAt: moment
        )
        let asked = BookingRequested(booking: booking.facts)
        guard !isTaken, approvesByItself else {
            return BookingChange(booking: booking, events: [asked], releasesTime: false)
        }
        booking.state = .approved
        return BookingChange(
            booking: booking, events: [asked, BookingApproved(booking: booking.facts)], releasesTime: false)
    }

    /// Who of the waiting list moves up: in the order in which they came, whoever finds his time free.
    ///
    /// - Parameters:
    ///   - waiting: the waiting list of the room, first come first.
    ///   - holding: the bookings of the room that hold a time which any of these may want.
    package func movedUp(from waiting: [Booking], holding: [Booking]) -> [BookingChange] {
        var taken = holding.filter(\.state.holdsTime).map(\.time)
        var changes: [BookingChange] = []
        for booking in waiting where booking.state == .waiting && booking.time.lowerBound > moment {
            guard room.isInUse, room.isBookable, room.hours.contains(booking.time),
                !taken.contains(where: { $0.overlaps(booking.time) })
            else { continue }
            var after = booking
            after.state = approvesByItself ? .approved : .requested
            after.changedAt = moment
            after.version += 1
            taken.append(after.time)
            let event: any BookingEvent =
                approvesByItself ? BookingApproved(booking: after.facts) : BookingRequested(booking: after.facts)
            changes.append(BookingChange(booking: after, events: [event], releasesTime: false))
        }
        return changes
    }

    /// Rooms that residents may use need nobody's approval.
    private var approvesByItself: Bool { room.stated.openTo == .resident }

    private func check(_ request: BookingRequest) throws(RowFaults) {
        var faults: [RowFault] = []
        if !room.hours.contains(request.time) {
            faults.append(
                RowFault(
                    field: "from", code: .outsideHours, "不在开放时间内，请按功能室的开放时间改选",
                    "the room is not open then; choose a time within its opening hours"))
        }
        if let capacity = room.stated.capacity, request.headcount > capacity {
            faults.append(
                RowFault(
                    field: "headcount", code: .overCapacity, "该功能室最多容纳 \(capacity) 人，请减少人数或改选",
                    "the room takes \(capacity) people at most; bring fewer or choose another"))
        }
        if !faults.isEmpty { throw RowFaults(faults) }
    }
}
