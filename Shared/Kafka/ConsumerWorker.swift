import CRdkafka
import Logging
import Synchronization

/// The shared side of a consumer: starts and stops the thread, keeps the figures.
final class ConsumerWorker: Sendable {
    private struct Control {
        var isStarted = false
        var stopDeadline: ContinuousClock.Instant?
    }

    let configuration: KafkaConsumerConfiguration
    let logger: Logger
    let handler: PartitionFeed.Handler
    let lease = HandleLease()
    let statistics = Mutex(KafkaClientStatistics())
    let feeds = Mutex<[PartitionFeed]>([])
    let lastPoll = Mutex(ContinuousClock.now)
    /// The identity of the cluster when partitions were last assigned; outlives a rebuilt client.
    let clusterID = Mutex<String?>(nil)
    /// Whether the next assignment is read from the beginning whatever has been committed.
    let startsOver = Mutex(false)
    private let control = Mutex(Control())
    private let finished = ExitLatch()

    init(
        configuration: KafkaConsumerConfiguration, logger: Logger, handler: @escaping PartitionFeed.Handler
    ) throws {
        // Only to tell the caller of wrong settings here and not when it runs.
        let properties = try ClientProperties.consumer(configuration, uniqueSuffix: "check")
        rd_kafka_conf_destroy(try ClientHandle.makeConfiguration(properties, operation: "create consumer"))
        self.configuration = configuration
        self.logger = logger
        self.handler = handler
    }

    /// When the thread must have ended; nil while it may go on.
    var stopDeadline: ContinuousClock.Instant? { control.withLock { $0.stopDeadline } }

    /// Runs the thread and waits for its end.
    func run() async throws {
        let isFirst = control.withLock { control in
            defer { control.isStarted = true }
            return !control.isStarted
        }
        guard isFirst else {
            throw KafkaError(code: .closed, operation: "run consumer", detail: "a consumer runs once")
        }
        let handle = try ConsumerSession.makeHandle(self)
        ClientThread.start(name: "kafka-consumer") { [self] in
            poll(first: handle)
            finished.open()
        }
        await withTaskCancellationHandler {
            _ = await finished.wait()
        } onCancel: {
            Task { await shutdown(deadline: .seconds(10)) }
        }
    }

    /// Asks the thread to end and waits for it; gives it up a second after the deadline.
    func shutdown(deadline: Duration) async {
        let end = ContinuousClock.now + deadline
        let isStarted = control.withLock { control in
            control.stopDeadline = min(control.stopDeadline ?? end, end)
            return control.isStarted
        }
        guard isStarted else { return }
        lease.wake()
        if await !finished.wait(timeout: deadline + .seconds(1)) {
            logger.warning("Kafka consumer did not close in time; its thread is left behind")
            finished.open()
        }
    }

    /// The figures, with those that change by themselves brought up to now.
    func currentStatistics() -> KafkaClientStatistics {
        var figures = statistics.withLock { $0 }
        let feeds = feeds.withLock { $0 }
        figures.longestHandlerMilliseconds = Int64(feeds.compactMap(\.handlerAge).max()?.wholeMilliseconds ?? 0)
        figures.sincePollMilliseconds = Int64((ContinuousClock.now - lastPoll.withLock { $0 }).wholeMilliseconds)
        for feed in feeds {
            let index = figures.partitions.firstIndex { $0.topic == feed.topic && $0.partition == feed.partition }
            guard let index else { continue }
            (figures.partitions[index].bufferedRecords, figures.partitions[index].isPaused) = feed.figures
        }
        return figures
    }

    /// The thread: a session after another until it is asked to stop.
    private func poll(first: ClientHandle) {
        var next: ClientHandle? = first
        var delay = Duration.milliseconds(100)
        while stopDeadline == nil {
            do {
                let session = ConsumerSession(worker: self, handle: try next ?? ConsumerSession.makeHandle(self))
                next = nil
                let start = ContinuousClock.now
                try session.run()
                if ContinuousClock.now - start > .seconds(60) { delay = .milliseconds(100) }
            } catch {
                statistics.withLock {
                    $0.rebuilds += 1
                    $0.lastError = "\(error)"
                }
                logger.error("Kafka consumer is rebuilt", metadata: ["error": "\(error)", "delay": "\(delay)"])
                ClientThread.pause(delay)
                delay = min(delay * 2, .seconds(5))
            }
        }
        next?.destroy()
    }
}
