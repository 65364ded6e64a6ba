import Foundation
import Kafka
import Messaging
import Models
import Testing

/// The CloudEvents Kafka binding in structured mode, which is read and never written.
struct StructuredModeTests {
    private func record(_ json: String, contentType: String = "application/cloudevents+json") -> KafkaIncomingRecord {
        KafkaIncomingRecord(
            topic: "grid-operations.incident.v1", partition: 0, offset: 0, key: nil, value: Array(json.utf8),
            headers: [KafkaHeader(name: "content-type", value: Array(contentType.utf8))])
    }

    /// The sample event as a JSON object, with members taken away or replaced.
    private func json(_ changes: [String: String?] = [:]) -> String {
        var members = [
            "specversion": #""1.0""#, "id": #""018f3d2a-7c00-7abc-9def-0123456789ab""#,
            "source": #""/tiaokuai/532923/grid-operations""#,
            "type": #""cn.tiaokuai.grid-operations.IncidentReported.v1""#, "time": #""2021-05-01T07:50:00.250Z""#,
            "subject": #""018f3d2a-7c00-7000-8000-000000000001""#,
            "partitionkey": #""018f3d2a-7c00-7000-8000-000000000001""#, "sequence": #""00000000000000000042""#,
            "lane": #""7""#, "divisioncode": #""532923100001""#,
            "traceparent": #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#,
            "datacontenttype": #""application/json""#, "data": #"{"a":1}"#,
        ]
        for (name, value) in changes { members[name] = value }
        return "{" + members.map { "\"\($0.key)\":\($0.value)" }.sorted().joined(separator: ",") + "}"
    }

    @Test(arguments: [
        "application/cloudevents+json", "application/cloudevents+json; charset=UTF-8", "Application/CloudEvents+JSON",
    ])
    func `a structured event is the same event as a binary one`(contentType: String) throws {
        #expect(try CloudEventCodec.event(record(json(), contentType: contentType)) == EventEnvelope.sample())
    }

    @Test func `a lane may be a JSON number`() throws {
        #expect(try CloudEventCodec.event(record(json(["lane": "7"]))) == EventEnvelope.sample())
    }

    @Test func `headers that repeat attributes are not looked at`() throws {
        var headers = [KafkaHeader(name: "ce_type", value: Array("cn.other".utf8))]
        headers += record("").headers
        let repeated = KafkaIncomingRecord(
            topic: "t", partition: 0, offset: 0, key: nil, value: Array(json().utf8), headers: headers)
        #expect(try CloudEventCodec.event(repeated) == EventEnvelope.sample())
    }

    @Test(arguments: ["specversion", "id", "source", "type", "time", "sequence", "lane"])
    func `a structured event without a needed attribute is refused and the reason names it`(name: String) {
        let missing = CloudEventCodec.DecodingFailure(
            code: "attribute-missing", reason: "the attribute \(name) is missing")
        for value in [nil, "null", #""""#] as [String?] {
            #expect(throws: missing) { try CloudEventCodec.event(record(json([name: value]))) }
        }
    }

    @Test(arguments: ["", "nonsense", "[]", "null", "42", #""text""#, "{", "{}", "[{}]"])
    func `what is not a JSON object with attributes is refused`(text: String) {
        #expect(throws: CloudEventCodec.DecodingFailure.self) { try CloudEventCodec.event(record(text)) }
    }

    @Test func `a structured record without a value is refused`() {
        let empty = KafkaIncomingRecord(
            topic: "t", partition: 0, offset: 0, key: nil, value: nil, headers: record("").headers)
        #expect(throws: CloudEventCodec.DecodingFailure.self) { try CloudEventCodec.event(empty) }
    }

    @Test func `an event without data has none`() throws {
        #expect(try CloudEventCodec.event(record(json(["data": nil]))).data.isEmpty)
    }

    @Test(arguments: ["[1,2]", #""text""#, "7", "true"])
    func `data may be any JSON value`(data: String) throws {
        #expect(try CloudEventCodec.event(record(json(["data": data]))).data == Array(data.utf8))
    }

    @Test func `a real payload decodes alike from both modes`() throws {
        let payload = try EventCoding.decode(
            DivisionRegistered.self,
            from: Array(#"{"division":{"code":"532923","name":"祥云县","level":"county","households":170001}}"#.utf8))
        var event = EventEnvelope.sample()
        event.type = DivisionRegistered.type
        event.data = try EventCoding.encode(payload)
        let binary = CloudEventCodec.record(event, wireTopic: "t", partition: 0).received()
        let structured = record(
            json(["type": "\"\(event.type)\"", "data": String(decoding: event.data, as: UTF8.self)]))
        for record in [binary, structured] {
            let read = ReceivedEvent(envelope: try CloudEventCodec.event(record), topic: .division)
            #expect(try read.payload(DivisionRegistered.self) == payload)
            #expect(try read.payload(DivisionChanged.self) == nil)
        }
    }

    @Test func `any other content type is binary mode`() {
        for contentType in ["application/json", "text/plain", "x-application/cloudevents+json"] {
            #expect(throws: CloudEventCodec.DecodingFailure.self) {
                try CloudEventCodec.event(record(json(), contentType: contentType))
            }
        }
    }
}
