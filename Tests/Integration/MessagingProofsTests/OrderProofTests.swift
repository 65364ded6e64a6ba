import Foundation
import Kafka
import Messaging
import Models
import Postgres
import Support
import Testing

/// Proof 1: nothing is lost and nothing is out of order, whatever order the transactions take their ids in.
@Suite struct OrderProofTests {
    @Test func `twelve early-id writers on twenty hot keys lose nothing and keep the order of every key`() async throws
    {
        let broker = try TestBroker.broker()
        let stage = try await Stage.make("order", broker: broker)
        let sink = RecordingSink()
        let total = 10_000
        let writers = 12
        try await supervised([{ try await stage.writerRuntime(sink: sink).run() }]) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<writers {
                    group.addTask {
                        let share = total / writers + (writer < total % writers ? 1 : 0)
                        for _ in 0..<share {
                            try await stage.change(Int.random(in: 0..<20), takingIDEarly: true)
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await eventually(within: .seconds(30), "all are sent") { sink.events.count >= total }
        }
        var versions: [String: [Int]] = [:]
        var numbers: [String: [Int64]] = [:]
        for record in sink.events {
            let event = try decode(record)
            let division = try event.decode(DivisionChanged.self).division
            versions[division.code.digits, default: []].append(division.households ?? 0)
            numbers["\(event.envelope.lane)", default: []].append(event.number)
        }
        #expect(sink.events.count == total)
        #expect(versions.count == 20)
        for (code, seen) in versions { #expect(seen == Array(1...seen.count), "division \(code)") }
        for (lane, seen) in numbers { #expect(seen == Array(1...Int64(seen.count)), "lane \(lane)") }
        try await stage.remove()
    }

    @Test func `a transaction that commits long after later ones is sent in its own tick`() async throws {
        let stage = try await Stage.make("late", broker: TestBroker.broker())
        let sink = RecordingSink()
        try await supervised([{ try await stage.writerRuntime(sink: sink).run() }]) {
            let gate = Gate()
            let slow = Task {
                try await stage.outbox.transaction { transaction in
                    let facts = DivisionFacts(code: Stage.code(999), name: "村", level: .community, households: 1)
                    let event = try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())
                    // Its id and its position are drawn now, its commit comes after everybody else's.
                    stage.outbox.enqueue([event], in: transaction)
                    _ = try await transaction.query("select 1 as one")
                    await gate.wait()
                    return ((), [])
                }
                stage.outbox.wakeRelay()
            }
            for index in 0..<50 { try await stage.change(index % 5) }
            try await eventually(within: .seconds(10), "the quick ones are sent") { sink.events.count == 50 }
            gate.open()
            try await slow.value
            try await eventually(within: .seconds(10), "the slow one is sent") { sink.events.count == 51 }
        }
        #expect(try decode(#require(sink.events.last)).decode(DivisionChanged.self).division.code == Stage.code(999))
        try await stage.remove()
    }

    private func decode(_ record: KafkaOutgoingRecord) throws -> ReceivedEvent {
        let incoming = KafkaIncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: 0, key: record.key, value: record.value,
            headers: record.headers, timestampMilliseconds: 0)
        return ReceivedEvent(envelope: try CloudEventCodec.event(incoming), topic: .division)
    }
}
