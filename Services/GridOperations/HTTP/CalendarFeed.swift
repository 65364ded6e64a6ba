import Foundation
import Hummingbird
import Models
import ServiceKit

/// Calendars of bookings as feeds that calendar programs read.
struct CalendarFeed {
    /// The county, in whose name the entries have their ids.
    let county: String

    /// The calendar of a room: when it is taken, and nothing of whom or what for.
    func answer(_ request: Request, room calendar: BookingCalendar) -> Response {
        answer(request, name: calendar.name ?? "", calendar.entries) { _ in "已预约 booked" }
    }

    /// The calendar of a person's own bookings.
    func answer(_ request: Request, own calendar: BookingCalendar) -> Response {
        answer(request, name: "我的预约 my bookings", calendar.entries) { entry in
            entry.booking.purpose.isEmpty ? entry.roomName : "\(entry.roomName)：\(entry.booking.purpose)"
        }
    }

    private func answer(
        _ request: Request, name: String, _ entries: [BookingCalendar.Entry],
        _ summary: (BookingCalendar.Entry) -> String
    ) -> Response {
        let events = entries.map { entry in
            ICalendar.Event(
                uid: "\(entry.booking.id)@\(county).tiaokuai.invalid", stamp: entry.booking.changedAt,
                sequence: entry.booking.version - 1, status: entry.booking.state.calendarStatus,
                start: entry.booking.time.lowerBound, end: entry.booking.time.upperBound, summary: summary(entry),
                location: entry.roomName, isBusy: entry.booking.state.holdsTime)
        }
        return TaggedDocument.answer(
            request, ICalendar.document(name: name, events), contentType: "text/calendar; charset=utf-8")
    }
}

extension BookingState {
    /// How a calendar says it.
    fileprivate var calendarStatus: ICalendar.Status {
        switch self {
        case .waiting, .requested: .tentative
        case .approved, .inUse, .finished, .noShow: .confirmed
        case .refused, .cancelledByUser, .cancelledByStation: .cancelled
        }
    }
}
