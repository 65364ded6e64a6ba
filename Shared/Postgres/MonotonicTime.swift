import Glibc

/// A point on the monotonic clock, in nanoseconds. Passed to the state machines, so that tests choose the time.
struct MonotonicTime: Comparable, Sendable {
    let nanoseconds: Int64

    static func now() -> MonotonicTime {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

    static func + (time: MonotonicTime, span: Duration) -> MonotonicTime {
        let (sum, overflow) = time.nanoseconds.addingReportingOverflow(span.wholeNanoseconds)
        return MonotonicTime(nanoseconds: overflow ? .max : sum)
    }

    /// The time from `other` to here; negative when `other` is later.
    func since(_ other: MonotonicTime) -> Duration { .nanoseconds(nanoseconds - other.nanoseconds) }
}
