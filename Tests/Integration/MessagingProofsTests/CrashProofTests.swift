import Kafka
import Messaging
import Models
import Support
import Synchronization
import Testing

/// Proof 2: whatever step the relay or a reader dies at, each event is applied once.
@Suite struct CrashProofTests {
    @Test(arguments: Failpoints.Place.allCases)
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
        try await supervised([
            {
                let start = relayStarts.next()
                try await stage.writerRuntime(sink: producer, failpoints: start < 2 ? failpoints[start] : .none).run()
            },
            {
                let start = readerStarts.next()
                try await stage.readerRuntime(sink: producer, failpoints: start < 2 ? failpoints[start] : .none).run()
            },
        ]) {
            for round in 0..<60 { try await stage.change(round % 7) }
            try await eventually(within: .seconds(40), "the audit is clean after \(place)") {
                let audit = try await stage.audit(figures.0, figures.1)
                return audit.isClean && audit.lines.first?.produced == 60
            }
        }
        #expect(try await stage.ledger() == stage.expected())
        if place.rawValue.hasPrefix("relay") { #expect(relayStarts.value > 1, "it never died at \(place)") }
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
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
