import Foundation
import Models

/// What the community can do with a booking, by name.
package enum BookingAction: String, Sendable, CaseIterable {
    case approve
    case refuse
    case start
    case finish
    case cancel
    case miss = "no-show"
}

/// An order to do something with a booking.
package enum BookingCommand: Sendable, Hashable {
    /// Approve a request.
    case approve
    /// Refuse a request, or one on the waiting list.
    case refuse(reason: String)
    /// Take the room into use.
    case start
    /// End the use.
    case finish
    /// Cancel it as the community, which offers something else.
    case cancelByStation(reason: String)
    /// Cancel it as the applicant.
    case cancelByUser
    /// Write down that nobody came. Nothing follows from it.
    case miss

    /// The name of what is ordered.
    package var action: BookingAction {
        switch self {
        case .approve: .approve
        case .refuse: .refuse
        case .start: .start
        case .finish: .finish
        case .cancelByStation, .cancelByUser: .cancel
        case .miss: .miss
        }
    }
}

/// Why a room cannot be booked, or an order to a booking not be carried out.
package enum BookingRefusal: Error, Sendable, Hashable {
    /// The state does not allow it.
    case wrongState(BookingState, BookingAction)
    /// It is too early or too late for it.
    case notItsTime(BookingAction)
    /// The room cannot be booked, or not by the applicant.
    case roomNotBookable
    /// Somebody has the time; what is free instead, if anything is.
    case timeTaken(alternative: Booking.Alternative?)
}

/// What carrying out an order makes of a booking.
package struct BookingChange: Sendable {
    /// The booking afterwards.
    package let booking: Booking
    /// The facts to tell others, in their order.
    package let events: [any BookingEvent]
    /// Whether others may now have its time.
    package let releasesTime: Bool
}

/// The state machine of `DOMAIN.md` 2.5.6.
extension Booking {
    /// How long before its time a room may be taken into use.
    package static let earlyMinutesMax = 30

    /// Carries out an order.
    ///
    /// - Throws: `BookingRefusal`.
    package func carryingOut(_ command: BookingCommand, at moment: Date) throws(BookingRefusal) -> BookingChange {
        var after = self
        let event = try after.apply(command, at: moment)
        after.changedAt = moment.wholeMilliseconds
        after.version += 1
        return BookingChange(
            booking: after, events: [event.init(booking: after.facts)],
            releasesTime: state.holdsTime && !after.state.holdsTime)
    }

    private mutating func apply(
        _ command: BookingCommand, at moment: Date
    ) throws(BookingRefusal) -> any BookingEvent.Type {
        let isOver = moment >= time.upperBound
        switch (state, command) {
        case (.requested, .approve):
            guard !isOver else { throw .notItsTime(.approve) }
            return become(.approved, BookingApproved.self)
        case (.requested, .refuse(let reason)), (.waiting, .refuse(let reason)):
            self.reason = reason
            return become(.refused, BookingRefused.self)
        case (.approved, .start):
            let earliest = time.lowerBound.addingTimeInterval(-60 * Double(Self.earlyMinutesMax))
            guard moment >= earliest, !isOver else { throw .notItsTime(.start) }
            return become(.inUse, BookingStarted.self)
        case (.inUse, .finish):
            return become(.finished, BookingFinished.self)
        case (.approved, .miss):
            guard moment >= time.lowerBound else { throw .notItsTime(.miss) }
            return become(.noShow, BookingMissed.self)
        case (.waiting, .cancelByUser), (.requested, .cancelByUser), (.approved, .cancelByUser):
            guard !isOver else { throw .notItsTime(.cancel) }
            return become(.cancelledByUser, BookingCancelled.self)
        case (.waiting, .cancelByStation(let reason)), (.requested, .cancelByStation(let reason)),
            (.approved, .cancelByStation(let reason)):
            guard !isOver else { throw .notItsTime(.cancel) }
            self.reason = reason
            return become(.cancelledByStation, BookingCancelled.self)
        default:
            throw .wrongState(state, command.action)
        }
    }

    /// What becomes of it by itself when its time has come; nil when nothing does.
    ///
    /// Who still waits or was not answered when the time begins has not got it; what is in use is over with its time.
    package func lapsing(at moment: Date) -> BookingChange? {
        var after = self
        let event: any BookingEvent.Type
        switch state {
        case .waiting where moment >= time.lowerBound:
            after.reason = "时间已到，未空出 the time came, and nobody gave way"
            event = after.become(.refused, BookingRefused.self)
        case .requested where moment >= time.lowerBound:
            after.reason = "时间已到，未审批 the time came before it was approved"
            event = after.become(.refused, BookingRefused.self)
        case .inUse where moment >= time.upperBound:
            event = after.become(.finished, BookingFinished.self)
        default:
            return nil
        }
        after.changedAt = moment.wholeMilliseconds
        after.version += 1
        return BookingChange(
            booking: after, events: [event.init(booking: after.facts)],
            releasesTime: state.holdsTime && !after.state.holdsTime)
    }

    private mutating func become(
        _ state: BookingState, _ event: any BookingEvent.Type
    ) -> any BookingEvent.Type {
        self.state = state
        return event
    }
}
