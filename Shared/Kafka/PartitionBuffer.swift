/// Decides what happens with the records of one assigned partition: what the handler gets, when fetching pauses, which
/// offset may be committed.
///
/// Pure: no clock, no thread, no client.
package struct PartitionBuffer {
    /// What a partition may hold.
    package struct Limits: Sendable {
        /// Most records of a batch.
        package let batchRecordsMax: Int
        /// Records at which fetching pauses; it resumes at half.
        package let recordsMax: Int
        /// Bytes at which fetching pauses; it resumes at half.
        package let bytesMax: Int

        /// Creates limits; all at least 1.
        package init(batchRecordsMax: Int, recordsMax: Int, bytesMax: Int) {
            self.batchRecordsMax = batchRecordsMax
            self.recordsMax = recordsMax
            self.bytesMax = bytesMax
        }
    }

    /// What has to be told to the client.
    package enum Flow: Equatable {
        case unchanged
        case pause
        case resume
    }

    /// Where the handler stands.
    private enum Phase {
        case idle
        case running
        case stopped
    }

    private let limits: Limits
    // A queue of chunks as they came in, so that taking a batch never moves what waits behind it.
    private var chunks: [ArraySlice<KafkaIncomingRecord>] = []
    private var phase = Phase.idle
    private var completedOffset: Int64?

    /// Records that wait, without those the handler has.
    package private(set) var recordCount = 0

    /// Bytes of the records that wait.
    package private(set) var byteCount = 0

    /// Whether fetching is paused.
    package private(set) var isPaused = false

    /// Starts empty.
    package init(limits: Limits) {
        self.limits = limits
    }

    /// Whether `stop` was called.
    package var isStopped: Bool { phase == .stopped }

    /// Adds records that were fetched; says `pause` when it has become too many.
    package mutating func append(_ records: [KafkaIncomingRecord]) -> Flow {
        guard !records.isEmpty, phase != .stopped else { return .unchanged }
        chunks.append(records[...])
        recordCount += records.count
        byteCount += records.reduce(0) { $0 + $1.byteCount }
        guard !isPaused, recordCount >= limits.recordsMax || byteCount >= limits.bytesMax else { return .unchanged }
        isPaused = true
        return .pause
    }

    /// Takes the next batch for the handler; nil if nothing waits, the handler runs, or the partition is stopped.
    package mutating func takeBatch() -> [KafkaIncomingRecord]? {
        guard phase == .idle, recordCount > 0 else { return nil }
        phase = .running
        var batch: [KafkaIncomingRecord] = []
        batch.reserveCapacity(min(limits.batchRecordsMax, recordCount))
        var emptied = 0
        for index in chunks.indices {
            let part = chunks[index].prefix(limits.batchRecordsMax - batch.count)
            batch += part
            if part.count == chunks[index].count {
                emptied += 1
            } else {
                chunks[index] = chunks[index].dropFirst(part.count)
            }
            if batch.count == limits.batchRecordsMax { break }
        }
        chunks.removeFirst(emptied)
        recordCount -= batch.count
        byteCount -= batch.reduce(0) { $0 + $1.byteCount }
        return batch
    }

    /// Notes that the handler has finished a batch whose last record had this offset, even after `stop`.
    package mutating func complete(lastOffset: Int64) {
        completedOffset = lastOffset + 1
        if phase == .running { phase = .idle }
    }

    /// Takes the offset to be committed, if there is a new one.
    package mutating func takeCompletedOffset() -> Int64? {
        defer { completedOffset = nil }
        return completedOffset
    }

    /// Says `resume` when fetching was paused and enough has been worked off.
    package mutating func relieve() -> Flow {
        guard isPaused, phase != .stopped, recordCount <= limits.recordsMax / 2, byteCount <= limits.bytesMax / 2 else {
            return .unchanged
        }
        isPaused = false
        return .resume
    }

    /// Ends the feeding: what waits is forgotten (it will be fetched again by whoever gets the partition).
    package mutating func stop() {
        phase = .stopped
        chunks = []
        recordCount = 0
        byteCount = 0
    }
}
