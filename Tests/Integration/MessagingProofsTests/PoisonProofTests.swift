import Foundation
import Kafka
import Messaging
import Models
import Postgres
import Support
import Synchronization
import Testing

/// Proof 5: what cannot be applied is parked with its reason; its key waits in order, other keys go on.
@Suite struct PoisonProofTests {
    @Test func `a broken rule parks its key in order, others go on, retry and skip settle it`() async throws {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("poison", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let isRefusing = Mutexed(true)
        let ledger = Ledger(refused: { $0.code == Stage.code(3) && $0.households == 2 && isRefusing.value })
        let writing = stage.writerRuntime(sink: producer)
        let reading = stage.readerRuntime(handler: ledger, sink: producer)
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            for _ in 0..<4 { for index in 0..<6 { try await stage.change(index) } }
            try await eventually(within: .seconds(30), "all that can be applied is") {
                try await stage.ledger().values.reduce(0) { $0 + $1.count } == 21
            }
            let parked = try await reading.administration.parked(consumer: nil, limit: 10, after: nil)
            #expect(parked.map(\.code) == ["test-rule", "waits-behind", "waits-behind"])
            #expect(parked.allSatisfy { $0.key == Stage.code(3).digits })
            let audit = try await stage.audit(writing, reading)
            #expect(audit.isClean)
            #expect(audit.lines.map(\.parked) == [3])
            await #expect(throws: ParkingRefusal.notFirst(parked[1].id, first: parked[0].id)) {
                try await reading.administration.retryParked(id: parked[1].id)
            }
            let stuck = try await reading.administration.retryParked(id: parked[0].id)
            #expect(stuck == RetryOutcome(applied: 0, stoppedAt: parked[0].id, reason: "the test refuses it"))
            isRefusing.value = false
            #expect(try await reading.administration.retryParked(id: parked[0].id) == RetryOutcome(applied: 3))
            #expect(try await stage.ledger() == stage.expected())
            #expect(try await stage.audit(writing, reading).lines.map(\.parked) == [0])
        }
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    @Test func `events that come later wait behind the parked one of their key, and are applied in order with it`()
        async throws
    {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("later", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let isRefusing = Mutexed(true)
        let ledger = Ledger(refused: { $0.code == Stage.code(3) && $0.households == 1 && isRefusing.value })
        let writing = stage.writerRuntime(sink: producer)
        let reading = stage.readerRuntime(handler: ledger, sink: producer)
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            for later in 0..<3 {
                // Each is settled before the next is written, so that none comes in the batch of another.
                try await stage.change(3)
                try await stage.change(4)
                try await eventually(within: .seconds(30), "event \(later + 1) of both keys is settled") {
                    let parked = try await reading.administration.parked(consumer: nil, limit: 10, after: nil)
                    let applied = try await stage.ledger()[Stage.code(4).digits] ?? []
                    let isSettled = try await stage.audit(writing, reading).isClean
                    return parked.count + (try await stage.ledger()[Stage.code(3).digits] ?? []).count == later + 1
                        && applied.count == later + 1 && isSettled
                }
            }
            let parked = try await reading.administration.parked(consumer: nil, limit: 10, after: nil)
            #expect(parked.map(\.code) == ["test-rule", "waits-behind", "waits-behind"])
            #expect(parked.map(\.number) == [1, 2, 3])
            #expect(try await stage.ledger() == [Stage.code(4).digits: [1, 2, 3]])
            isRefusing.value = false
            let first = try #require(parked.first)
            #expect(try await reading.administration.retryParked(id: first.id) == RetryOutcome(applied: 3))
            #expect(try await stage.ledger() == stage.expected())
        }
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    @Test func `a skipped event leaves a reason and lets those behind it go on`() async throws {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("skip", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let ledger = Ledger(refused: { $0.code == Stage.code(1) && $0.households == 1 })
        let writing = stage.writerRuntime(sink: producer)
        let reading = stage.readerRuntime(handler: ledger, sink: producer)
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            for _ in 0..<3 { try await stage.change(1) }
            try await eventually(within: .seconds(30), "all three are parked") {
                try await reading.administration.parked(consumer: nil, limit: 10, after: nil).count == 3
            }
            let first = try #require(try await reading.administration.parked(consumer: nil, limit: 1, after: nil).first)
            await #expect(throws: ParkingRefusal.reasonMissing) {
                try await reading.administration.skipParked(id: first.id, reason: "  ")
            }
            #expect(
                try await reading.administration.skipParked(id: first.id, reason: "entered twice")
                    == RetryOutcome(applied: 2))
            #expect(try await stage.ledger() == [Stage.code(1).digits: [2, 3]])
            let audit = try await stage.audit(writing, reading)
            #expect(audit.isClean)
            #expect(audit.lines.map(\.skipped) == [1])
        }
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }

    @Test func `undecodable bytes, an unknown version and undecodable data are parked, and the lane goes on`()
        async throws
    {
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make("bytes", broker: broker)
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let writing = stage.writerRuntime(sink: producer)
        let reading = stage.readerRuntime(sink: producer)
        let topic = stage.naming.wireName(Topic.division.name)
        let strange = EventEnvelope(
            id: UUID(), source: "/tiaokuai/532923/elsewhere", type: "cn.tiaokuai.grid-operations.DivisionChanged.v9",
            time: Date(), key: "a", divisionCode: nil, traceparent: nil, lane: 0, number: 1, data: Array("{}".utf8))
        var undecodable = strange
        undecodable.type = DivisionChanged.type
        undecodable.key = "b"
        undecodable.number = 2
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            _ = try await producer.send(
                [
                    KafkaOutgoingRecord(
                        topic: topic, partition: 0, key: nil, value: [0xff, 0x00, 0xfe], headers: []),
                    CloudEventCodec.record(strange, wireTopic: topic, partition: 0),
                    CloudEventCodec.record(undecodable, wireTopic: topic, partition: 0),
                ], timeout: .seconds(10))
            for index in 0..<30 { try await stage.change(index) }
            try await eventually(within: .seconds(30), "the good ones are applied and the bad ones parked") {
                let parked = try await reading.administration.parked(consumer: nil, limit: 10, after: nil)
                return try await stage.ledger() == stage.expected()
                    && Set(parked.map(\.code)) == ["attribute-missing", "unknown-type", "undecodable-data"]
            }
            let unreadable = try #require(
                try await reading.administration.parked(consumer: nil, limit: 10, after: nil)
                    .first { $0.code == "attribute-missing" })
            await #expect(throws: ParkingRefusal.unreadable(unreadable.id)) {
                try await reading.administration.retryParked(id: unreadable.id)
            }
            _ = try await reading.administration.skipParked(id: unreadable.id, reason: "no event")
            #expect(try await reading.administration.auditFigures().unreadable == 0)
        }
        await producer.close(deadline: .seconds(2))
        try await stage.remove()
    }
}

/// A value that tests change while others read it.
final class Mutexed<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}
