import Kafka
import Testing

struct KafkaPartitionerTests {
    /// Values of Apache Kafka's `UtilsTest.testMurmur2`, as signed numbers.
    @Test(arguments: [
        ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
        ("a-little-bit-longer-string", -1_486_304_829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
    ])
    func `murmur2 agrees with the Java client`(text: String, expected: Int32) {
        #expect(Int32(bitPattern: KafkaPartitioner.murmur2(Array(text.utf8))) == expected)
    }

    @Test func `a partition is never negative and always exists`() {
        for number in 0..<2_000 {
            let key = Array("key-\(number)".utf8)
            #expect((0..<24).contains(KafkaPartitioner.partition(key: key, partitionCount: 24)))
        }
    }

    @Test func `keys spread over all partitions`() {
        let used = Set((0..<1_000).map { KafkaPartitioner.partition(key: Array("key-\($0)".utf8), partitionCount: 24) })
        #expect(used.count == 24)
    }

    @Test func `a partition is the hash without its sign modulo the count`() {
        // -790332482 & 0x7fffffff = 1357151166
        #expect(KafkaPartitioner.partition(key: Array("foobar".utf8), partitionCount: 24) == 1_357_151_166 % 24)
    }
}
