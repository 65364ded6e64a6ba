import Kafka
import Messaging
import Models
import Postgres
import Support
import Testing

/// Proof 4, the part within one process: a stopped relay that wakes after another took over gives no record a second
/// number, and a stopped reader that wakes applies nothing again. (The journey tests stop whole processes.)
@Suite struct ZombieProofTests {
    @Test func `a relay that lost its lock and wakes sends nothing under another number`() async throws {
        let stage = try await Stage.make("zombie", broker: TestBroker.broker())
        let sink = RecordingSink()
        let stopped = StoppedSink(sink)
        let zombie = Task { try? await stage.writerRuntime(sink: stopped).run() }
        for round in 0..<40 { try await stage.change(round % 6) }
        try await eventually(within: .seconds(10), "the first relay has a batch in hand") { stopped.holds }
        // The server ends the stopped relay's connection and with it its lock.
        try await eventually(within: .seconds(10), "its connection is ended") {
            try await stage.writerPool.query(
                """
                select count(*) filter (where pg_terminate_backend(pid)) as ended
                from pg_stat_activity where datname = current_database() and application_name like '%-relay'
                """
            ).rows.first?.decode("ended", as: Int64.self) == 1
        }
        try await supervised([{ try await stage.writerRuntime(sink: sink).run() }]) {
            for round in 0..<40 { try await stage.change(round % 6) }
            try await eventually(within: .seconds(20), "the second relay has sent all") { sink.events.count >= 80 }
            let before = sink.events.count
            stopped.wake()
            try await eventually(within: .seconds(10), "the zombie has sent its batch") { sink.events.count > before }
        }
        zombie.cancel()
        _ = await zombie.value
        var numbers: [String: Set<String>] = [:]
        var holders: [String: Set<String>] = [:]
        for record in sink.events {
            let id = try #require(record.text("ce_id"))
            let number = try #require(record.text("ce_lane")) + "/" + (try #require(record.text("ce_sequence")))
            numbers[id, default: []].insert(number)
            holders[number, default: []].insert(id)
        }
        #expect(numbers.count == 80)
        #expect(numbers.values.allSatisfy { $0.count == 1 }, "an event went out under two numbers")
        #expect(holders.values.allSatisfy { $0.count == 1 }, "a number was given to two events")
        try await stage.remove()
    }

    @Test func `an owner that wakes while its successor applies the same records waits for it and adds nothing`()
        async throws
    {
        // Each owner believes that the partitions are its own: each has a cluster with the same records.
        let (broker, twin) = (try EmulatedBroker(), try EmulatedBroker())
        defer { for broker in [broker, twin] { broker.stop() } }
        let stage = try await Stage.make("owners", broker: broker)
        try twin.createTopics(stage.naming)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let twinProducer = try KafkaProducer(TestBroker.configuration(of: twin), logger: stage.logger)
        let writing = stage.writerRuntime(sink: BothSink(first: producer, second: twinProducer))
        let gate = Gate()
        let slow = Ledger(refused: { facts in
            if facts.households == 2 { await gate.wait() }
            return false
        })
        let successor = stage.readerRuntime(handler: slow, sink: producer)
        let zombie = stage.readerRuntime(sink: twinProducer, kafka: TestBroker.configuration(of: twin))
        try await supervised([{ try await writing.run() }, { try await successor.run() }]) {
            // The lane's watermark is there before the two meet: it is no new row that they wait for.
            try await stage.change(0)
            try await eventually(within: .seconds(20), "the first is applied") { try await stage.ledger().count == 1 }
            try await stage.change(0)
            try await eventually(within: .seconds(20), "the successor applies the second") { gate.arrivals == 1 }
            try await supervised([{ try await zombie.run() }]) {
                try await eventually(within: .seconds(20), "the zombie waits for the lane, or does not") {
                    let isWaiting =
                        try await stage.readerPool.query(
                            """
                            select 1 from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'
                            """
                        ).rows.isEmpty == false
                    let isThrough = try await stage.ledger()[Stage.code(0).digits]?.contains(2) ?? false
                    return isWaiting || isThrough
                }
                gate.open()
                try await stage.change(0)
                try await eventually(within: .seconds(20), "the third is applied") {
                    try await stage.ledger()[Stage.code(0).digits]?.contains(3) ?? false
                }
            }
            #expect(try await stage.ledger() == [Stage.code(0).digits: [1, 2, 3]])
            #expect(try await stage.audit(writing, successor).isClean)
        }
        for producer in [producer, twinProducer] { await producer.close(deadline: .seconds(2)) }
        try await stage.remove()
    }

    @Test func `only one of two relays is active, and the other takes over`() async throws {
        let stage = try await Stage.make("standby", broker: TestBroker.broker())
        let sink = RecordingSink()
        let (one, two) = (stage.writerRuntime(sink: sink), stage.writerRuntime(sink: sink))
        let first = Task { try? await one.run() }
        try await eventually(within: .seconds(10), "the first is active") { one.metrics.snapshot.isRelayActive }
        let second = Task { try? await two.run() }
        for round in 0..<30 { try await stage.change(round % 6) }
        try await eventually(within: .seconds(10), "all are sent") { sink.events.count == 30 }
        #expect(!two.metrics.snapshot.isRelayActive)
        first.cancel()
        _ = await first.value
        try await eventually(within: .seconds(10), "the second took over") { two.metrics.snapshot.isRelayActive }
        for round in 0..<30 { try await stage.change(round % 6) }
        try await eventually(within: .seconds(10), "the rest is sent") { sink.events.count == 60 }
        second.cancel()
        _ = await second.value
        #expect(Set(sink.events.map { $0.text("ce_id") }).count == 60)
        try await stage.remove()
    }
}

extension KafkaOutgoingRecord {
    /// A header as text.
    func text(_ name: String) -> String? {
        headers.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
