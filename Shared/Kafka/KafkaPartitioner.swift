/// Chooses the partition of a key as Kafka's Java client does, so that all producers agree.
package enum KafkaPartitioner {
    /// Returns the partition of a key: `(murmur2(key) & 0x7fffffff) % partitionCount`.
    ///
    /// - Parameters:
    ///   - key: The record's key.
    ///   - partitionCount: Partitions of the topic, at least 1.
    package static func partition(key: [UInt8], partitionCount: Int32) -> Int32 {
        precondition(partitionCount > 0, "A topic has at least one partition")
        return Int32(murmur2(key) & 0x7fff_ffff) % partitionCount
    }

    /// Returns the 32-bit murmur2 hash with Kafka's seed (`org.apache.kafka.common.utils.Utils.murmur2`).
    package static func murmur2(_ data: [UInt8]) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash = 0x9747_b28c ^ UInt32(truncatingIfNeeded: data.count)
        var index = 0
        while data.count - index >= 4 {
            var word =
                UInt32(data[index]) | UInt32(data[index + 1]) << 8 | UInt32(data[index + 2]) << 16
                | UInt32(data[index + 3]) << 24
            word = word &* multiplier
            word ^= word >> 24
            word = word &* multiplier
            hash = hash &* multiplier
            hash ^= word
            index += 4
        }
        let rest = data.count - index
        if rest == 3 { hash ^= UInt32(data[index + 2]) << 16 }
        if rest >= 2 { hash ^= UInt32(data[index + 1]) << 8 }
        if rest >= 1 {
            hash ^= UInt32(data[index])
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        hash ^= hash >> 15
        return hash
    }
}
