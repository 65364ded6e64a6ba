import Kafka
import Messaging
import Models
import Support
import Testing

/// Proof 3: the broker repeats, reorders and drops records, forgets a topic, comes back empty; the audit still ends at
/// missing 0 and repeated 0 by itself.
@Suite struct BrokerProofTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `records lost, repeated and shuffled are applied once each`(_ seed: UInt64) async throws {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("faithless", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let sink = FaithlessSink(producer, seed: seed)
        // What is sent again on request goes the same faithless way.
        let (writing, reading) = (stage.writerRuntime(sink: sink), stage.readerRuntime(sink: producer))
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            for round in 0..<400 { try await stage.change(round % 11) }
            sink.reform()
            try await eventually(within: .seconds(30), "the audit is clean with seed \(seed)") {
                let audit = try await stage.audit(writing, reading)
                return audit.isClean && audit.lines.first?.produced == 400
            }
        }
        #expect(sink.lost > 0)
        #expect(try await stage.ledger() == stage.expected())
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    @Test func `a broker that comes back empty, elsewhere, is made whole again within 30 seconds`() async throws {
        let first = try EmulatedBroker()
        let forwarder = try TCPForwarder()
        defer { forwarder.stop() }
        forwarder.forward(to: first.port)
        let kafka = KafkaConfiguration(
            bootstrapServers: "127.0.0.1:\(forwarder.port)", clientID: "wiped",
            overrides: ["fetch.wait.max.ms": "5"])
        let stage = try await Stage.make("wiped", broker: first, kafka: kafka)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let (writing, reading) = (stage.writerRuntime(sink: producer), stage.readerRuntime(sink: producer))
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            for round in 0..<100 { try await stage.change(round % 5) }
            try await eventually(within: .seconds(30), "the first hundred are applied") {
                try await stage.audit(writing, reading).lines.first?.applied == 100
            }
            first.stop()
            let second = try EmulatedBroker()
            try second.createTopics(stage.naming)
            forwarder.forward(to: second.port)
            for round in 0..<100 { try await stage.change(round % 5) }
            try await eventually(within: .seconds(30), "the audit is clean after the wipe") {
                let audit = try await stage.audit(writing, reading)
                return audit.isClean && audit.lines.first?.produced == 200
            }
        }
        #expect(try await stage.ledger() == stage.expected())
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    @Test func `a topic whose records are all gone before they are read is sent again`() async throws {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("gone", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let nowhere = RecordingSink()
        // The relay believes that all of this is safe with the broker.
        try await supervised([{ try await stage.writerRuntime(sink: nowhere).run() }]) {
            for round in 0..<300 { try await stage.change(round % 9) }
            try await eventually(within: .seconds(10), "all are acknowledged") { nowhere.events.count == 300 }
        }
        let (writing, reading) = (stage.writerRuntime(sink: producer), stage.readerRuntime(sink: producer))
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            try await eventually(within: .seconds(30), "the audit is clean") {
                let audit = try await stage.audit(writing, reading)
                return audit.isClean && audit.lines.first?.applied == 300
            }
        }
        #expect(try await stage.ledger() == stage.expected())
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }
}

extension EmulatedBroker {
    /// The port of its first broker.
    var port: UInt16? {
        bootstrapServers.split(separator: ",").first?.split(separator: ":").last.flatMap { UInt16($0) }
    }
}
