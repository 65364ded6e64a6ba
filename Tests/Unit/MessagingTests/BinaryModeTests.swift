import Foundation
import Kafka
import Messaging
import Models
import Testing

/// The CloudEvents Kafka binding in binary mode.
struct BinaryModeTests {
    private func record(_ event: EventEnvelope = .sample()) -> KafkaOutgoingRecord {
        CloudEventCodec.record(event, wireTopic: "grid-operations.incident.v1", partition: 3)
    }

    /// A record that differs from a sound one in one header; nil takes the header away.
    private func record(with name: String, _ value: String?) -> KafkaIncomingRecord {
        var record = record()
        record.headers.removeAll { $0.name == name }
        if let value { record.headers.append(KafkaHeader(name: name, value: Array(value.utf8))) }
        return record.received()
    }

    @Test func `attributes travel as headers and the data as it is`() {
        let record = record()
        #expect(record.topic == "grid-operations.incident.v1")
        #expect(record.partition == 3)
        #expect(record.value == Array(#"{"a":1}"#.utf8))
        #expect(record.key == Array("018f3d2a-7c00-7000-8000-000000000001".utf8))
        var headers: [String: String] = [:]
        for header in record.headers {
            #expect(headers.updateValue(String(decoding: header.value, as: UTF8.self), forKey: header.name) == nil)
        }
        #expect(
            headers == [
                "ce_specversion": "1.0", "content-type": "application/json",
                "ce_id": "018f3d2a-7c00-7abc-9def-0123456789ab", "ce_source": "/tiaokuai/532923/grid-operations",
                "ce_type": "cn.tiaokuai.grid-operations.IncidentReported.v1", "ce_time": "2021-05-01T07:50:00.250Z",
                "ce_subject": "018f3d2a-7c00-7000-8000-000000000001",
                "ce_partitionkey": "018f3d2a-7c00-7000-8000-000000000001", "ce_sequence": "00000000000000000042",
                "ce_lane": "7", "ce_divisioncode": "532923100001",
                "ce_traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ])
    }

    @Test func `what is not known is not written`() {
        var event = EventEnvelope.sample()
        event.divisionCode = nil
        event.traceparent = nil
        let names = Set(record(event).headers.map(\.name))
        #expect(names.isDisjoint(with: ["ce_divisioncode", "ce_traceparent", "traceparent"]))
        // The content type is no attribute of its own, and Integer would mean 32 bits.
        #expect(names.isDisjoint(with: ["ce_datacontenttype", "ce_sequencetype"]))
    }

    @Test func `sequences order as text whatever their size`() {
        let numbers: [Int64] = [1, 9, 10, 99, 100, 4_294_967_296, .max - 1, .max]
        let texts = numbers.compactMap { record(.sample(number: $0)).text("ce_sequence") }
        #expect(texts == texts.sorted())
        #expect(texts.count == numbers.count && texts.allSatisfy { $0.utf8.count == 20 })
    }

    @Test func `an event is read as it was written`() throws {
        var generator = SplitMix(seed: 11)
        for _ in 0..<500 {
            var event = EventEnvelope.sample(
                number: Int64.random(in: 1...Int64.max, using: &generator),
                lane: Int.random(in: 0..<24, using: &generator))
            event.time = Date(
                timeIntervalSince1970: Double(Int64.random(in: 0...4_000_000_000, using: &generator)))
            event.id = .version7(at: event.time, using: &generator)
            event.key = String(generator.next(), radix: 36) + "祥城"
            event.data = (0..<Int.random(in: 0...64, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            if Bool.random(using: &generator) { event.divisionCode = nil }
            if Bool.random(using: &generator) { event.traceparent = nil }
            #expect(try CloudEventCodec.event(record(event).received()) == event)
        }
    }

    @Test(arguments: ["specversion", "id", "source", "type", "time", "sequence", "lane"])
    func `a record without a needed attribute is no event and the reason names it`(name: String) {
        for value in [nil, ""] {
            let missing = CloudEventCodec.DecodingFailure(
                code: "attribute-missing", reason: "the attribute \(name) is missing")
            #expect(throws: missing) { try CloudEventCodec.event(record(with: "ce_" + name, value)) }
        }
    }

    @Test func `the subject stands in for a missing partition key, and one of both is needed`() throws {
        #expect(
            try CloudEventCodec.event(record(with: "ce_partitionkey", nil)).key == EventEnvelope.sample().key)
        #expect(try CloudEventCodec.event(record(with: "ce_subject", nil)).key == EventEnvelope.sample().key)
        var neither = record()
        neither.headers.removeAll { ["ce_subject", "ce_partitionkey"].contains($0.name) }
        #expect(throws: CloudEventCodec.DecodingFailure.self) { try CloudEventCodec.event(neither.received()) }
    }

    @Test func `an empty partition key is no key`() throws {
        // The partitioning extension wants it non-empty; taken as it is, all such events would share one key.
        #expect(
            try CloudEventCodec.event(record(with: "ce_partitionkey", "")).key == EventEnvelope.sample().key)
    }

    @Test(arguments: [
        ("specversion", "0.3", "specversion"), ("specversion", "1.1", "specversion"), ("id", "42", "id"),
        ("time", "yesterday", "time"), ("time", "2021-05-01", "time"), ("sequence", "0", "unsequenced"),
        ("sequence", "-1", "unsequenced"), ("sequence", "one", "unsequenced"),
        ("sequence", "99999999999999999999", "unsequenced"), ("lane", "-1", "unsequenced"),
        ("lane", "x", "unsequenced"),
    ])
    func `an attribute with a wrong value is refused with a code, and the value is not repeated`(
        name: String, value: String, code: String
    ) throws {
        let failure = #expect(throws: CloudEventCodec.DecodingFailure.self) {
            try CloudEventCodec.event(record(with: "ce_" + name, value))
        }
        #expect(failure?.code == code)
        #expect(failure?.reason.contains(value) == false)
    }

    @Test func `a lane beyond what the database's integers hold is refused`() throws {
        // Such a number would end the process where it is narrowed, and again at every restart.
        #expect(throws: CloudEventCodec.DecodingFailure.self) {
            try CloudEventCodec.event(record(with: "ce_lane", "4294967296"))
        }
    }

    @Test(arguments: ["source", "type", "partitionkey", "divisioncode", "traceparent"])
    func `an attribute with a NUL character, which no database text can hold, is refused`(name: String) {
        #expect(throws: CloudEventCodec.DecodingFailure.self) {
            try CloudEventCodec.event(record(with: "ce_" + name, "a\u{0}b"))
        }
    }

    @Test func `bytes that are not UTF-8 are a missing attribute`() {
        var record = record()
        record.headers.removeAll { $0.name == "ce_type" }
        record.headers.append(KafkaHeader(name: "ce_type", value: [0xff, 0xfe]))
        let failure = CloudEventCodec.DecodingFailure(
            code: "attribute-missing", reason: "the attribute type is missing")
        #expect(throws: failure) { try CloudEventCodec.event(record.received()) }
    }

    @Test func `a tombstone is an event without data`() throws {
        var record = record()
        record.value = nil
        #expect(try CloudEventCodec.event(record.received()).data.isEmpty)
    }

    @Test func `headers of others do no harm and the last of a name counts`() throws {
        var record = record()
        record.headers.insert(KafkaHeader(name: "ce_type", value: Array("cn.other".utf8)), at: 0)
        record.headers.append(KafkaHeader(name: "ce_unknown", value: [0xff]))
        #expect(try CloudEventCodec.event(record.received()) == EventEnvelope.sample())
    }

    @Test func `a record of nothing is refused`() {
        let empty = KafkaIncomingRecord(topic: "t", partition: 0, offset: 0, key: nil, value: nil)
        #expect(throws: CloudEventCodec.DecodingFailure.self) { try CloudEventCodec.event(empty) }
    }
}
