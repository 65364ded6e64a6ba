import CRdkafka

extension KafkaIncomingRecord {
    /// Copies a message of librdkafka; the message stays the caller's.
    init(_ message: UnsafeMutablePointer<rd_kafka_message_t>, topic: String) {
        let fields = message.pointee
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        self.init(
            topic: topic, partition: fields.partition, offset: fields.offset,
            key: Self.bytes(fields.key, fields.key_len), value: Self.bytes(fields.payload, fields.len),
            headers: Self.headers(message),
            timestampMilliseconds: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp)
    }

    /// Null and empty are different things in Kafka: a null pointer is nil.
    private static func bytes(_ pointer: UnsafeRawPointer?, _ length: Int) -> [UInt8]? {
        guard let pointer else { return nil }
        return Array(UnsafeRawBufferPointer(start: pointer, count: length))
    }

    private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [KafkaHeader] {
        var list: OpaquePointer?
        // The list belongs to the message. No headers at all is told as an error.
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        let count = rd_kafka_header_cnt(list)
        var headers: [KafkaHeader] = []
        headers.reserveCapacity(count)
        for index in 0..<count {
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var length = 0
            guard rd_kafka_header_get_all(list, index, &name, &value, &length) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name
            else { break }
            headers.append(KafkaHeader(name: String(cString: name), value: bytes(value, length) ?? []))
        }
        return headers
    }
}
