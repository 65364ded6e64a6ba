import Foundation
import Models

/// The hours in which nobody is disturbed except in an emergency: 21:00 to 08:00 at the county's time.
package enum QuietHours {
    private static let evening: TimeInterval = 21 * 3600
    private static let morning: TimeInterval = 8 * 3600
    private static let day: TimeInterval = 86_400
    /// What was held back goes out over this many seconds, so that it does not all come at eight sharp.
    private static let spread: TimeInterval = 1200

    /// When a message that may not go now may go; nil when it may go now.
    ///
    /// - Parameter jitter: where in the twenty minutes after eight it goes, `0..<1`.
    package static func end(for lane: SendingLane, at moment: Date, jitter: Double) -> Date? {
        guard lane != .emergency else { return nil }
        let time = CountyCalendar.secondsOfDay(at: moment)
        guard time >= evening || time < morning else { return nil }
        let wait = time < morning ? morning - time : day - time + morning
        return moment.addingTimeInterval(wait + jitter * spread)
    }
}

extension CountyCalendar {
    /// The seconds since the midnight of Asia/Shanghai, `0..<86400`.
    package static func secondsOfDay(at moment: Date) -> TimeInterval {
        let seconds = (moment.timeIntervalSince1970 + 8 * 3600).truncatingRemainder(dividingBy: 86_400)
        return seconds < 0 ? seconds + 86_400 : seconds
    }
}
