import Logging
import Synchronization

/// The shared side of a producer: takes batches from callers and starts the thread that sends them.
final class ProducerWorker: Sendable {
    /// What callers have left for the thread.
    struct Inbox {
        var batches: [Submission] = []
        var stopDeadline: ContinuousClock.Instant?
    }

    /// A batch before it belongs to the thread.
    struct Submission: Sendable {
        let records: [KafkaOutgoingRecord]
        let deadline: ContinuousClock.Instant
        let completion: ProducerBatch.Completion
    }

    let configuration: KafkaConfiguration
    let logger: Logger
    let lease = HandleLease()
    let statistics = Mutex(KafkaClientStatistics())
    let lastPoll = Mutex(ContinuousClock.now)
    private let inbox = Mutex(Inbox())
    private let exit = ExitLatch()

    init(configuration: KafkaConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        // Made here once so that wrong settings are told to the caller.
        let handle = try ProducerLoop.makeHandle(configuration)
        lease.offer(handle)
        ClientThread.start(name: "kafka-producer") { [self] in
            ProducerLoop(worker: self, handle: handle).run()
            exit.open()
        }
    }

    /// Hands a batch to the thread; `completion` is called exactly once.
    func submit(
        _ records: [KafkaOutgoingRecord], deadline: ContinuousClock.Instant,
        completion: @escaping ProducerBatch.Completion
    ) {
        let isAccepted = inbox.withLock { inbox in
            guard inbox.stopDeadline == nil else { return false }
            inbox.batches.append(Submission(records: records, deadline: deadline, completion: completion))
            return true
        }
        guard isAccepted else {
            return completion(.failure(KafkaError(code: .closed, operation: "send")))
        }
        lease.wake()
    }

    /// Takes what callers have left; called by the thread.
    func takeInbox() -> Inbox {
        inbox.withLock { inbox in
            defer { inbox.batches.removeAll() }
            return inbox
        }
    }

    /// Asks the thread to finish what is under way until the deadline and to end.
    func requestStop(deadline: ContinuousClock.Instant) {
        inbox.withLock { $0.stopDeadline = min($0.stopDeadline ?? deadline, deadline) }
        lease.wake()
    }

    /// Asks the thread to end and waits for it, a second beyond the deadline at most.
    func close(deadline: Duration) async {
        requestStop(deadline: .now + deadline)
        if await !exit.wait(timeout: deadline + .seconds(1)) {
            logger.warning("Kafka producer did not close in time; its thread is left behind")
        }
    }

    /// Asks a broker for metadata until one answers or the time is over.
    func metadata(topic: String?, timeout: Duration, operation: String) async throws -> Int {
        let end = ContinuousClock.now + timeout
        let result: Result<Int, KafkaError> = await ClientThread.run(name: "kafka-metadata") { [lease, exit] in
            var last = KafkaError(code: .timeout, isRetriable: true, operation: operation)
            repeat {
                guard !exit.isOpen else { return .failure(KafkaError(code: .closed, operation: operation)) }
                do {
                    // In slices, since the thread cannot rebuild its client while this one uses it.
                    let slice = min(max(end - .now, .milliseconds(1)), .seconds(1))
                    let count = try lease.use {
                        try $0.partitionCount(topic: topic, timeout: slice, operation: operation)
                    }
                    if let count { return .success(count) }
                } catch let error as KafkaError {
                    last = error
                    guard error.isRetriable, error.code != .unknownTopic else { return .failure(error) }
                } catch {
                    return .failure(KafkaError(code: .broker, operation: operation))
                }
                ClientThread.pause(.milliseconds(20))
            } while ContinuousClock.now < end
            return .failure(last)
        }
        return try result.get()
    }

    /// The figures, with those that grow by themselves brought up to now.
    func currentStatistics() -> KafkaClientStatistics {
        var figures = statistics.withLock { $0 }
        figures.sincePollMilliseconds = Int64((ContinuousClock.now - lastPoll.withLock { $0 }).wholeMilliseconds)
        return figures
    }
}
