/// A header of a record: a name, and bytes that the driver does not look into.
package struct KafkaHeader: Sendable, Hashable {
    /// The name; may occur more than once in a record.
    package let name: String

    /// The bytes.
    package let value: [UInt8]

    /// Creates a header.
    package init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// A record to be sent.
package struct KafkaOutgoingRecord: Sendable, Hashable {
    /// The topic; must exist.
    package var topic: String

    /// The partition, or nil to have it chosen by murmur2 of the key as Kafka's Java client does.
    package var partition: Int32?

    /// The key; nil for none.
    package var key: [UInt8]?

    /// The value; nil is a tombstone, which is not the same as an empty one.
    package var value: [UInt8]?

    /// Headers, in order.
    package var headers: [KafkaHeader]

    /// Creates a record.
    package init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?, headers: [KafkaHeader] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// What became of one record that was sent.
package struct KafkaDeliveryReport: Sendable, Hashable {
    /// The record's topic.
    package let topic: String

    /// The partition it went to; -1 if none was chosen before it failed.
    package let partition: Int32

    /// Its offset; nil when it failed, or when the broker had it already and no longer knows where.
    package let offset: Int64?

    /// Nil when the record is stored by all in-sync replicas.
    package let error: KafkaError?

    /// Creates a report.
    package init(topic: String, partition: Int32, offset: Int64?, error: KafkaError?) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.error = error
    }
}

/// A record as it was read.
package struct KafkaIncomingRecord: Sendable, Hashable {
    /// The topic.
    package let topic: String

    /// The partition, from 0.
    package let partition: Int32

    /// The position in the partition.
    package let offset: Int64

    /// The key; nil for none.
    package let key: [UInt8]?

    /// The value; nil for a tombstone.
    package let value: [UInt8]?

    /// Headers, in order.
    package let headers: [KafkaHeader]

    /// Milliseconds since 1970, set by producer or broker as the topic says; -1 if unknown.
    package let timestampMilliseconds: Int64

    /// Creates a record, for tests and for other sources of records.
    package init(
        topic: String, partition: Int32, offset: Int64, key: [UInt8]?, value: [UInt8]?, headers: [KafkaHeader] = [],
        timestampMilliseconds: Int64 = -1
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.timestampMilliseconds = timestampMilliseconds
    }

    /// Returns the value of the last header of that name, as Kafka's own clients do, or nil.
    package func header(_ name: String) -> [UInt8]? {
        headers.last { $0.name == name }?.value
    }

    /// Bytes of key, value and headers, for bounding memory.
    var byteCount: Int {
        headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.name.utf8.count + $1.value.count }
    }
}

/// Records of one partition, in the order of their offsets.
package struct KafkaBatch: Sendable, Hashable {
    /// The topic of all records.
    package let topic: String

    /// The partition of all records.
    package let partition: Int32

    /// The records, at least one, at most `batchRecordsMax`.
    ///
    /// Offsets rise, but may have gaps.
    package let records: [KafkaIncomingRecord]

    /// Creates a batch.
    package init(topic: String, partition: Int32, records: [KafkaIncomingRecord]) {
        self.topic = topic
        self.partition = partition
        self.records = records
    }
}
