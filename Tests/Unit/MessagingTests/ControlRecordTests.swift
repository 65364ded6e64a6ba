import Foundation
import Kafka
import Messaging
import Models
import Testing

/// Records that are no events: heads of lanes, requests for a replay, and the event on its way out.
struct ControlRecordTests {
    private let heads = LaneHeadsRecord(
        source: "/tiaokuai/532923/grid-operations", heads: [0: 12, 7: 9_007_199_254_740_993, 23: 1])

    @Test func `heads of lanes are read as they were written`() throws {
        let record = try heads.record(wireTopic: "t", partition: 3, at: Date(timeIntervalSince1970: 1_619_855_400))
        #expect(record.partition == 3 && record.key == nil)
        #expect(record.text("ce_type") == "cn.tiaokuai.messaging.LaneHeads.v1")
        #expect(record.text("ce_time") == "2021-05-01T07:50:00.000Z")
        #expect(LaneHeadsRecord.read(record.received()) == heads)
        // It has no place in a lane, so that no reader can take it for an event.
        #expect(record.text("ce_sequence") == nil && record.text("ce_lane") == nil)
        #expect(throws: CloudEventCodec.DecodingFailure.self) { try CloudEventCodec.event(record.received()) }
    }

    @Test func `heads travel as an object of lanes`() throws {
        let text = #"{"heads":{"3":12},"source":"s"}"#
        let record = try LaneHeadsRecord(source: "s", heads: [3: 12])
            .record(wireTopic: "t", partition: 0, at: Date(timeIntervalSince1970: 0))
        #expect(record.value == Array(text.utf8))
    }

    @Test func `an event and heads that cannot be read are no heads`() throws {
        let event = CloudEventCodec.record(.sample(), wireTopic: "t", partition: 0)
        #expect(LaneHeadsRecord.read(event.received()) == nil)
        for text in ["", "{}", "[]", #"{"source":"s","heads":{"x":1}}"#, #"{"source":"s","heads":[1]}"#] {
            var broken = try heads.record(wireTopic: "t", partition: 0, at: Date(timeIntervalSince1970: 0))
            broken.value = Array(text.utf8)
            #expect(LaneHeadsRecord.read(broken.received()) == nil, "\(text)")
        }
    }

    @Test(arguments: ["-1", "4294967296"])
    func `heads of a lane that there cannot be are no heads`(lane: String) throws {
        var record = try heads.record(wireTopic: "t", partition: 0, at: Date(timeIntervalSince1970: 0))
        record.value = Array(#"{"source":"s","heads":{"\#(lane)":1}}"#.utf8)
        #expect(LaneHeadsRecord.read(record.received()) == nil)
    }

    @Test func `a replay message travels without what it does not say`() throws {
        let message = ReplayMessage(
            kind: .announce, source: "s", topic: "t", at: Date(timeIntervalSince1970: 1_619_855_400))
        let bytes = try EventCoding.encode(message)
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"at":"2021-05-01T07:50:00.000Z","kind":"announce","source":"s","topic":"t"}"#)
        #expect(try EventCoding.decode(ReplayMessage.self, from: bytes) == message)
    }

    @Test func `an outgoing event takes topic, lane, key, type and division from its payload`() throws {
        let payload = try EventCoding.decode(
            GridActivated.self, from: Array(#"{"grid":{"code":"53292310000100101","level":"group"}}"#.utf8))
        let time = Date(timeIntervalSince1970: 1_619_855_400)
        let event = try TraceContext.$traceparent.withValue("00-trace") { try OutgoingEvent(payload, occurredAt: time) }
        #expect(event.topic == .grid)
        #expect(event.key == "53292310000100101")
        #expect(event.lane == 0)
        #expect(event.type == "cn.tiaokuai.grid-operations.GridActivated.v1")
        #expect(event.divisionCode == "532923100001")
        #expect(event.traceparent == "00-trace")
        #expect(event.occurredAt == time)
        #expect(event.data == (try EventCoding.encode(payload)))
        #expect(try OutgoingEvent(payload, occurredAt: time).id != event.id)
        #expect(try OutgoingEvent(payload, occurredAt: time).traceparent == nil)
    }

    @Test func `an event larger than brokers take is refused where it is made`() throws {
        func event(nameBytes: Int) throws -> OutgoingEvent {
            let json =
                #"{"division":{"code":"532923","level":"county","name":""# + String(repeating: "x", count: nameBytes)
                + #""}}"#
            return try OutgoingEvent(
                EventCoding.decode(DivisionRegistered.self, from: Array(json.utf8)),
                occurredAt: Date(timeIntervalSince1970: 0))
        }
        let overhead = try event(nameBytes: 0).data.count
        #expect(try event(nameBytes: OutgoingEvent.dataSizeMax - overhead).data.count == OutgoingEvent.dataSizeMax)
        #expect(throws: OversizedEvent.self) { try event(nameBytes: OutgoingEvent.dataSizeMax - overhead + 1) }
    }
}
