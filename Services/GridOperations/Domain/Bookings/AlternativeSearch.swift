import Foundation
import Models

/// Finds what is free near a time that somebody cannot have: a room of the same kind, the nearest time of the same length.
package struct AlternativeSearch: Sendable {
    /// A room to look into, with the times that are taken in it.
    package struct Candidate: Sendable {
        /// The room.
        package let room: Room
        /// The times that are taken, in any order.
        package let taken: [Range<Date>]

        /// Gathers both.
        package init(room: Room, taken: [Range<Date>]) {
            self.room = room
            self.taken = taken
        }
    }

    /// How many days before and after are looked at.
    package static let daysMax = 14

    private let wanted: Range<Date>
    private let moment: Date

    /// A search around a time.
    ///
    /// - Parameter moment: what is offered begins after it.
    package init(around wanted: Range<Date>, at moment: Date) {
        self.wanted = wanted
        self.moment = moment
    }

    /// The times that are looked at.
    package var window: Range<Date> {
        let span = TimeInterval(Self.daysMax) * 86_400
        return wanted.lowerBound.addingTimeInterval(-span)..<wanted.upperBound.addingTimeInterval(span)
    }

    /// The nearest free time; of equally near ones that of the first room.
    package func nearest(in candidates: [Candidate]) -> Booking.Alternative? {
        var best: (distance: TimeInterval, alternative: Booking.Alternative)?
        for candidate in candidates {
            for start in starts(in: candidate) {
                let distance = abs(start.timeIntervalSince(wanted.lowerBound))
                guard best.map({ distance < $0.distance }) ?? true else { continue }
                let time = start..<start.addingTimeInterval(length)
                best = (distance, Booking.Alternative(roomID: candidate.room.id, time: time))
            }
        }
        return best?.alternative
    }

    private var length: TimeInterval { wanted.upperBound.timeIntervalSince(wanted.lowerBound) }

    /// In each free stretch that is long enough the start that lies nearest.
    private func starts(in candidate: Candidate) -> [Date] {
        guard let day = CalendarDay(inShanghai: wanted.lowerBound) else { return [] }
        let taken = candidate.taken.sorted { $0.lowerBound < $1.lowerBound }
        return (-Self.daysMax...Self.daysMax).flatMap { offset -> [Date] in
            guard let day = day.adding(days: offset) else { return [] }
            return candidate.room.hours.times(on: day).flatMap { Self.gaps(in: $0, between: taken) }
                .compactMap { gap in
                    // A time is of whole minutes, and has not begun.
                    let minute = (moment.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60
                    let first = max(gap.lowerBound, Date(timeIntervalSince1970: minute))
                    let last = gap.upperBound.addingTimeInterval(-length)
                    return first <= last ? min(max(wanted.lowerBound, first), last) : nil
                }
        }
    }

    /// What is left of a stretch between times that are taken, which are in their order.
    private static func gaps(in stretch: Range<Date>, between taken: [Range<Date>]) -> [Range<Date>] {
        var gaps: [Range<Date>] = []
        var start = stretch.lowerBound
        for time in taken where time.overlaps(stretch) {
            if time.lowerBound > start { gaps.append(start..<time.lowerBound) }
            start = max(start, time.upperBound)
        }
        if start < stretch.upperBound { gaps.append(start..<stretch.upperBound) }
        return gaps
    }
}
