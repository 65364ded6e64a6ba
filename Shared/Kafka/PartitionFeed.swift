import Dispatch
import Logging
import Synchronization

/// One assigned partition: a buffer that the poll thread fills, and a task that hands batches to the handler.
///
/// Lives from the assignment to the revocation; a partition that comes back gets a new feed, so that whatever an old
/// handler still says is not taken for the new one's.
package final class PartitionFeed: Sendable {
    /// What is done with a batch; a batch whose handler throws comes again.
    package typealias Handler = @Sendable (KafkaBatch) async throws -> Void

    /// What the poll thread has to tell the client.
    package struct Progress {
        /// The offset to store, if the handler has finished a batch since the last call.
        package let completedOffset: Int64?
        /// Whether fetching may go on.
        package let resumes: Bool
    }

    /// How handlers that throw are called again.
    package struct Retry: Sendable {
        /// The first pause.
        package let delayMin: Duration
        /// The longest pause.
        package let delayMax: Duration

        /// Creates a rule from the first and the longest pause.
        package init(delayMin: Duration, delayMax: Duration) {
            self.delayMin = delayMin
            self.delayMax = delayMax
        }

        /// The pause before the call number `attempt` + 1: doubles from the least to the most.
        package func delay(attempt: Int) -> Duration {
            min(delayMax, delayMin * (1 << min(max(attempt - 1, 0), 20)))
        }
    }

    /// What the feed tells its owner; called on any thread.
    package struct Signals: Sendable {
        /// A batch is finished.
        package let progressed: @Sendable (_ records: Int) -> Void
        /// A handler has thrown.
        package let failed: @Sendable (_ error: any Error, _ attempt: Int) -> Void

        /// Creates signals.
        package init(
            progressed: @escaping @Sendable (_ records: Int) -> Void,
            failed: @escaping @Sendable (_ error: any Error, _ attempt: Int) -> Void
        ) {
            self.progressed = progressed
            self.failed = failed
        }
    }

    private struct State {
        var buffer: PartitionBuffer
        var waiter: CheckedContinuation<[KafkaIncomingRecord]?, Never>?
        var pause: Task<Void, Never>?
        var handlerStart: ContinuousClock.Instant?
        var task: Task<Void, Never>?
    }

    /// The partition's topic.
    package let topic: String
    /// The partition's number.
    package let partition: Int32
    private let retry: Retry
    private let signals: Signals
    private let state: Mutex<State>
    // Signalled once when the task has ended.
    private let ended = DispatchSemaphore(value: 0)

    /// Makes a feed for one assignment of a partition.
    package init(topic: String, partition: Int32, limits: PartitionBuffer.Limits, retry: Retry, signals: Signals) {
        self.topic = topic
        self.partition = partition
        self.retry = retry
        self.signals = signals
        state = Mutex(State(buffer: PartitionBuffer(limits: limits)))
    }

    /// Starts the task.
    ///
    /// Called once.
    package func start(handler: @escaping Handler) {
        let task = Task {
            await run(handler: handler)
            ended.signal()
        }
        state.withLock { $0.task = task }
    }

    // MARK: - Poll thread

    /// Adds records; returns whether fetching must pause.
    package func append(_ records: [KafkaIncomingRecord]) -> Bool {
        let (waiter, batch, flow) = state.withLock { state in
            let flow = state.buffer.append(records)
            guard let waiter = state.waiter, let batch = state.buffer.takeBatch() else {
                return (CheckedContinuation<[KafkaIncomingRecord]?, Never>?.none, [KafkaIncomingRecord]?.none, flow)
            }
            state.waiter = nil
            return (waiter, batch, flow)
        }
        waiter?.resume(returning: batch)
        return flow == .pause
    }

    /// Takes what has happened since the last call.
    package func takeProgress() -> Progress {
        state.withLock { state in
            Progress(
                completedOffset: state.buffer.takeCompletedOffset(), resumes: state.buffer.relieve() == .resume)
        }
    }

    /// Takes the offset to be committed without looking at the flow; for the end of an assignment.
    package func takeCompletedOffset() -> Int64? {
        state.withLock { $0.buffer.takeCompletedOffset() }
    }

    /// Ends the feeding.
    ///
    /// A handler that runs goes on; one that waits to be called again is not called any more.
    package func stop() {
        let (waiter, pause) = state.withLock { state in
            defer { state.waiter = nil }
            state.buffer.stop()
            return (state.waiter, state.pause)
        }
        waiter?.resume(returning: nil)
        pause?.cancel()
    }

    /// Blocks until the task has ended after `stop`, or until the deadline; then the task is cancelled.
    ///
    /// For threads only, never on a task.
    ///
    /// - Returns: Whether the task has ended.
    package func waitUntilEnded(deadline: ContinuousClock.Instant) -> Bool {
        let patience = max(0, (deadline - .now).wholeMilliseconds)
        guard ended.wait(timeout: .now() + .milliseconds(patience)) == .timedOut else { return true }
        state.withLock { $0.task }?.cancel()
        return false
    }

    /// How long the handler has been running; nil if it is not.
    package var handlerAge: Duration? {
        state.withLock { $0.handlerStart }.map { .now - $0 }
    }

    /// Records that wait, and whether fetching is paused.
    package var figures: (bufferedRecords: Int, isPaused: Bool) {
        state.withLock { ($0.buffer.recordCount, $0.buffer.isPaused) }
    }

    // MARK: - Task

    private func run(handler: Handler) async {
        while let records = await nextBatch(), let last = records.last {
            let batch = KafkaBatch(topic: topic, partition: partition, records: records)
            guard await deliver(batch, to: handler) else { return }
            state.withLock { $0.buffer.complete(lastOffset: last.offset) }
            signals.progressed(records.count)
        }
    }

    private func nextBatch() async -> [KafkaIncomingRecord]? {
        await withCheckedContinuation { continuation in
            let answer: [KafkaIncomingRecord]?? = state.withLock { state in
                if let batch = state.buffer.takeBatch() { return .some(batch) }
                if state.buffer.isStopped { return .some(nil) }
                state.waiter = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Calls the handler until it does not throw; returns false if the partition was taken away before that.
    private func deliver(_ batch: KafkaBatch, to handler: Handler) async -> Bool {
        var attempt = 0
        while true {
            do {
                state.withLock { $0.handlerStart = .now }
                defer { state.withLock { $0.handlerStart = nil } }
                try await handler(batch)
                return true
            } catch {
                attempt += 1
                signals.failed(error, attempt)
            }
            guard await pauseBeforeRetry(attempt: attempt) else { return false }
        }
    }

    private func pauseBeforeRetry(attempt: Int) async -> Bool {
        let delay = retry.delay(attempt: attempt)
        let pause = Task<Void, Never> {
            // Cancelled by `stop`: then the pause is over early, which is the purpose.
            try? await Task.sleep(for: delay)
        }
        let isStopped = state.withLock { state in
            state.pause = pause
            return state.buffer.isStopped
        }
        if isStopped { pause.cancel() }
        await pause.value
        return state.withLock { state in
            state.pause = nil
            return !state.buffer.isStopped
        }
    }
}
