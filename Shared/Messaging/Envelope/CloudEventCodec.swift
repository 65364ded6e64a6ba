import Foundation
import Kafka
import Models

/// CloudEvents 1.0 on Kafka: written in binary mode, read in binary and structured mode.
///
/// Source: CloudEvents Kafka protocol binding 1.0; the attribute `datacontenttype` travels as `content-type`, all others
/// as `ce_<name>`. The sequence is zero-padded so that it orders as text, and carries no `sequencetype`, since `Integer`
/// there means 32 bits.
package enum CloudEventCodec {
    /// Why a record cannot be read as an event.
    package struct DecodingFailure: Error, Equatable {
        /// A stable code.
        package let code: String
        /// What is missing or wrong, without values.
        package let reason: String

        /// Names what is missing or wrong.
        package init(code: String, reason: String) {
            self.code = code
            self.reason = reason
        }
    }

    private static let specVersion = KafkaHeader(name: "ce_specversion", value: Array("1.0".utf8))
    private static let contentType = KafkaHeader(name: "content-type", value: Array("application/json".utf8))

    /// Writes an event as a record of a topic in binary mode.
    package static func record(_ event: EventEnvelope, wireTopic: String, partition: Int32) -> KafkaOutgoingRecord {
        let key = Array(event.key.utf8)
        var headers: [KafkaHeader] = []
        headers.reserveCapacity(12)
        headers.append(specVersion)
        headers.append(contentType)
        func add(_ name: String, _ value: String) { headers.append(KafkaHeader(name: name, value: Array(value.utf8))) }
        add("ce_id", event.id.uuidString.lowercased())
        add("ce_source", event.source)
        add("ce_type", event.type)
        add("ce_time", RFC3339.format(event.time))
        headers.append(KafkaHeader(name: "ce_subject", value: key))
        headers.append(KafkaHeader(name: "ce_partitionkey", value: key))
        add("ce_sequence", padded(event.number))
        add("ce_lane", String(event.lane))
        if let divisionCode = event.divisionCode { add("ce_divisioncode", divisionCode) }
        if let traceparent = event.traceparent {
            add("ce_traceparent", traceparent)
            add("traceparent", traceparent)
        }
        return KafkaOutgoingRecord(
            topic: wireTopic, partition: partition, key: key, value: event.data, headers: headers)
    }

    /// Reads a record in either mode.
    ///
    /// - Throws: `DecodingFailure`.
    package static func event(_ record: KafkaIncomingRecord) throws(DecodingFailure) -> EventEnvelope {
        if let type = text(record, "content-type"), type.lowercased().hasPrefix("application/cloudevents") {
            return try structured(record)
        }
        return try binary(record)
    }

    /// Twenty digits hold every 64-bit number.
    static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }

    private static func text(_ record: KafkaIncomingRecord, _ name: String) -> String? {
        record.header(name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static func binary(_ record: KafkaIncomingRecord) throws(DecodingFailure) -> EventEnvelope {
        try assemble(attribute: { text(record, "ce_" + $0) }, data: record.value ?? [])
    }

    private static func structured(_ record: KafkaIncomingRecord) throws(DecodingFailure) -> EventEnvelope {
        let object: [String: Any]
        do {
            let parsed = try JSONSerialization.jsonObject(with: Data(record.value ?? []))
            guard let dictionary = parsed as? [String: Any] else {
                throw DecodingFailure(code: "structured", reason: "a structured event is a JSON object")
            }
            object = dictionary
        } catch let failure as DecodingFailure {
            throw failure
        } catch {
            throw DecodingFailure(code: "structured", reason: "a structured event that is not JSON")
        }
        var data: [UInt8] = []
        if let value = object["data"] {
            do {
                data = Array(
                    try JSONSerialization.data(
                        withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]))
            } catch {
                throw DecodingFailure(code: "structured", reason: "the data of a structured event is not JSON")
            }
        }
        return try assemble(
            attribute: { name in
                // An integer extension may be written as a JSON number.
                (object[name] as? String) ?? (object[name] as? NSNumber)?.stringValue
            }, data: data)
    }

    private static func assemble(
        attribute: (String) -> String?, data: [UInt8]
    ) throws(DecodingFailure) -> EventEnvelope {
        func optional(_ name: String) throws(DecodingFailure) -> String? {
            guard let value = attribute(name), !value.isEmpty else { return nil }
            // No text of the database holds it, so that neither effect nor parking could be written.
            guard !value.utf8.contains(0) else {
                throw DecodingFailure(code: "attribute-nul", reason: "the attribute \(name) has a NUL character")
            }
            return value
        }
        func required(_ name: String) throws(DecodingFailure) -> String {
            guard let value = try optional(name) else {
                throw DecodingFailure(code: "attribute-missing", reason: "the attribute \(name) is missing")
            }
            return value
        }
        guard try required("specversion") == "1.0" else {
            throw DecodingFailure(code: "specversion", reason: "only CloudEvents 1.0 is read")
        }
        guard let id = UUID(uuidString: try required("id")) else {
            throw DecodingFailure(code: "id", reason: "the attribute id is not a UUID")
        }
        guard let time = RFC3339.parse(try required("time")) else {
            throw DecodingFailure(code: "time", reason: "the attribute time is not RFC 3339")
        }
        guard let number = Int64(try required("sequence")), number > 0, let lane = Int32(try required("lane")),
            lane >= 0
        else {
            throw DecodingFailure(code: "unsequenced", reason: "lane or sequence is not a number of a lane")
        }
        let key = if let partitionKey = try optional("partitionkey") { partitionKey } else { try required("subject") }
        return EventEnvelope(
            id: id, source: try required("source"), type: try required("type"), time: time, key: key,
            divisionCode: try optional("divisioncode"), traceparent: try optional("traceparent"), lane: Int(lane),
            number: number,
            data: data)
    }
}
