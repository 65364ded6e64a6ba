import Foundation

/// A number of messages within any span of a length: a sliding window that remembers when messages went.
///
/// It is kept in runs, each as long as a 64th of the span at most, so that it never grows beyond some 65 of them,
/// whatever the number. A run leaves the window when its last message does; hence the window may hold a message back
/// by a 64th of the span, and never lets one go too early.
package struct RateWindow: Sendable, Equatable, Codable {
    /// Messages that went close together.
    private struct Run: Sendable, Equatable, Codable {
        var first: Date
        var last: Date
        var messages: Int
    }

    /// So many messages at most.
    package let messages: Int
    /// Within this many seconds.
    package let seconds: Double
    private var runs: [Run] = []

    /// An empty window; `messages` below 1 lets nothing through.
    package init(messages: Int, span: Duration) {
        self.messages = messages
        seconds = max(span / .seconds(1), 0)
    }

    /// When the next message may go: `now` or later, nil where none ever may.
    package func earliest(at now: Date) -> Date? {
        guard messages > 0 else { return nil }
        let begin = now.addingTimeInterval(-seconds)
        var excess = 1 - messages
        for run in runs where run.last > begin { excess += run.messages }
        guard excess > 0 else { return now }
        for run in runs where run.last > begin {
            excess -= run.messages
            if excess <= 0 { return max(now, run.last.addingTimeInterval(seconds)) }
        }
        return now
    }

    /// Notes that messages went.
    ///
    /// - Parameter now: when; a clock that has gone back counts as standing still.
    package mutating func record(_ count: Int = 1, at now: Date) {
        let now = max(now, runs.last?.last ?? now)
        let begin = now.addingTimeInterval(-seconds)
        runs.removeAll { $0.last <= begin }
        if let last = runs.indices.last, now.timeIntervalSince(runs[last].first) <= seconds / 64 {
            runs[last].last = now
            runs[last].messages += count
        } else {
            runs.append(Run(first: now, last: now, messages: count))
        }
    }
}

/// Several windows that must all have room, such as 30 a minute and 1000 an hour.
package struct RateWindows: Sendable, Equatable, Codable {
    private var windows: [RateWindow]

    /// Joins windows; without any, nothing is held back.
    package init(_ windows: [RateWindow]) { self.windows = windows }

    /// Lets a message go and notes it, or says how long it has to wait.
    package mutating func take(at now: Date) -> Passage {
        var latest = now
        for window in windows {
            guard let earliest = window.earliest(at: now) else { return .never }
            latest = max(latest, earliest)
        }
        guard latest <= now else { return .notBefore(latest) }
        for index in windows.indices { windows[index].record(at: now) }
        return .free
    }

    /// Whether a message may go.
    package enum Passage: Sendable, Equatable {
        /// At once; it has been noted.
        case free
        /// Not before then; nothing has been noted.
        case notBefore(Date)
        /// A window of no messages.
        case never
    }
}
