import Foundation

/// A fact that other services may rely on, in the past tense, as it travels on a topic.
///
/// No payload carries a name of a person, a phone number or an identity number: ids, codes, times and counts only.
/// Within a version fields are only added, as optionals; a new meaning is a new version of the topic.
package protocol EventPayload: Codable, Sendable, Equatable {
    /// The event's name without service and version, for example `IncidentReported`.
    static var name: String { get }
    /// The topic that carries it.
    static var topic: Topic { get }
    /// The aggregate's id: the record's key, so that the facts of one aggregate keep their order.
    var aggregateID: String { get }
    /// The division that the fact belongs to, if one.
    var divisionCode: DivisionCode? { get }
}

extension EventPayload {
    /// The CloudEvents type, `cn.tiaokuai.<service>.<Event>.v<version>`.
    package static var type: String { "cn.tiaokuai.\(topic.service.rawValue).\(name).v\(topic.version)" }
}

/// How payloads are written as JSON: sorted keys, RFC 3339 times in UTC with milliseconds.
package enum EventCoding {
    /// Encodes a payload; the same payload always gives the same bytes.
    package static func encode(_ payload: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.format(date))
        }
        return Array(try encoder.encode(payload))
    }

    /// Decodes a payload; unknown fields are ignored.
    package static func decode<Payload: Decodable>(_ type: Payload.Type, from bytes: [UInt8]) throws -> Payload {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = RFC3339.parse(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "a time is RFC 3339")
            }
            return date
        }
        return try decoder.decode(type, from: Data(bytes))
    }
}
