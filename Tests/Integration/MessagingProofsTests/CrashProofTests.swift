import Kafka
import Messaging
import Models
import Support
import Synchronization
import Testing

/// Proof 2: whatever step the relay or a reader dies at, each event is applied once.
@Suite struct CrashProofTests {
    /// The other places are passed by none of the two; the tests of what they belong to have them.
    private static let places = Failpoints.Place.allCases.filter { place in
        ["relay.", "consumer."].contains { place.rawValue.hasPrefix($0) }
    }

    @Test(arguments: places)
    func `a crash at any step applies each event once`(_ place: Failpoints.Place) async throws {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("crash", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        // The first start dies at the first passing, the second at the third, later ones live.
        let failpoints = [
            Failpoints([place: (.throw, 1)]), Failpoints([place: (.throw, 3)]),
        ]
        let relayStarts = Counter()
        let readerStarts = Counter()
        let figures = (stage.writerRuntime(sink: producer), stage.readerRuntime(sink: producer))
        let isOfRelay = place.rawValue.hasPrefix("relay.")
        try await supervised([
            {
                let start = relayStarts.next()
                let own = isOfRelay && start < 2 ? failpoints[start] : .none
                try await mortal(own, stage.writerRuntime(sink: producer, failpoints: own))
            },
            {
                let start = readerStarts.next()
                let own = !isOfRelay && start < 2 ? failpoints[start] : .none
                try await mortal(own, stage.readerRuntime(sink: producer, failpoints: own))
            },
        ]) {
            let changes = Counter()
            for _ in 0..<60 { try await stage.change(changes.next() % 7) }
            try await eventually(within: .seconds(40), "it dies twice at \(place)") {
                try await stage.change(changes.next() % 7)
                return failpoints.allSatisfy(\.isSpent)
            }
            let written = Int64(changes.value)
            try await eventually(within: .seconds(40), "the audit is clean after \(place)") {
                let audit = try await stage.audit(figures.0, figures.1)
                return audit.isClean && audit.lines.first?.produced == written
            }
        }
        #expect(try await stage.ledger() == stage.expected())
        // Each death is followed by a start, and nothing else died.
        #expect((isOfRelay ? relayStarts : readerStarts).value == 3, "it did not die twice at \(place)")
        #expect((isOfRelay ? readerStarts : relayStarts).value == 1, "another died than should at \(place)")
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    /// Runs a service's messaging until a failpoint is hit, which ends all of it, as a crash does.
    ///
    /// A reader would otherwise be given the batch again by the client that it has.
    private func mortal(_ failpoints: Failpoints, _ runtime: MessagingRuntime) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runtime.run() }
            group.addTask {
                while !failpoints.isSpent, !Task.isCancelled { try await Task.sleep(for: .milliseconds(1)) }
                throw CancellationError()
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}

/// Counts from 0.
final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock { count in
            defer { count += 1 }
            return count
        }
    }
}
