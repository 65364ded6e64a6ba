import Synchronization

/// The gaps of one reader: lanes of which something after the watermark is known to exist.
///
/// A gap waits a moment, since another partition or replica may hold what is missing; then the range is asked for again
/// and again, at growing intervals, until the watermark has passed it. All in memory: after a crash the next record or
/// the next heads of the lane show the gap anew.
package final class GapTracker: Sendable {
    /// A lane that waits for something.
    package struct Gap: Sendable, Equatable {
        /// The greatest number seen through.
        package var watermark: Int64
        /// The greatest number known to exist.
        package var head: Int64
        /// The smallest number held back behind the gap, when there is one.
        package var firstHeld: Int64?
        /// When it may be asked for next.
        package var askAt: ContinuousClock.Instant
        /// How long to wait after that.
        package var interval: Duration

        /// The range that is missing.
        package var missing: ClosedRange<Int64> {
            let last = min(firstHeld.map { $0 - 1 } ?? head, watermark + GapTracker.rangeMax)
            return (watermark + 1)...max(watermark + 1, last)
        }
    }

    /// How many records are asked for at once.
    package static let rangeMax: Int64 = 5000

    private let grace: Duration
    private let intervalMax: Duration
    private let gaps = Mutex<[ReaderLane: Gap]>([:])

    /// Makes a tracker.
    ///
    /// - Parameters:
    ///   - grace: the moment that a new gap waits.
    ///   - intervalMax: the longest wait between two requests for the same gap.
    package init(grace: Duration = .milliseconds(250), intervalMax: Duration = .seconds(5)) {
        self.grace = grace
        self.intervalMax = intervalMax
    }

    /// How many lanes wait.
    package var count: Int { gaps.withLock { $0.count } }

    /// Learns what a lane has come to.
    package func learn(
        _ lane: ReaderLane, watermark: Int64, head: Int64?, firstHeld: Int64?, now: ContinuousClock.Instant
    ) {
        gaps.withLock { gaps in
            let known = max(head ?? 0, firstHeld ?? 0, gaps[lane]?.head ?? 0)
            guard known > watermark else {
                gaps[lane] = nil
                return
            }
            var gap =
                gaps[lane]
                ?? Gap(
                    watermark: watermark, head: known, firstHeld: firstHeld, askAt: now + grace, interval: .seconds(1))
            if gap.watermark < watermark {
                // It moves: what comes next may be on its way already.
                gap.askAt = now + grace
                gap.interval = .seconds(1)
            }
            gap.watermark = watermark
            gap.head = known
            gap.firstHeld = firstHeld
            gaps[lane] = gap
        }
    }

    /// The lanes whose time has come.
    package func due(now: ContinuousClock.Instant) -> [ReaderLane: Gap] {
        gaps.withLock { $0.filter { $0.value.askAt <= now } }
    }

    /// Notes that a lane was asked for.
    package func asked(_ lane: ReaderLane, now: ContinuousClock.Instant) {
        gaps.withLock { gaps in
            guard var gap = gaps[lane] else { return }
            gap.askAt = now + gap.interval
            gap.interval = min(gap.interval * 2, intervalMax)
            gaps[lane] = gap
        }
    }
}
