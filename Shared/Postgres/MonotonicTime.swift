import Glibc

/// A point on the monotonic clock, in nanoseconds.
///
/// Passed to the state machines, so that tests choose the time.
package struct MonotonicTime: Comparable, Sendable {
    /// Nanoseconds since some fixed moment.
    package let nanoseconds: Int64

    /// Makes a point of its nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The present moment.
    package static func now() -> MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Whether `left` is earlier.
    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The point `span` later; never beyond the end of the scale.
    package static func + (time: MonotonicTime, span: Duration) -> MonotonicTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(span.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// The time from `other` to here; negative when `other` is later.
    package func since(_ other: MonotonicTime) -> Duration { .nanoseconds(nanoseconds - other.nanoseconds) }
}
