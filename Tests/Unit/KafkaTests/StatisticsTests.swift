import Foundation
import Kafka
import Testing

struct StatisticsTests {
    /// Cut down from what librdkafka 2.0.2 writes.
    private let json = Data(
        #"""
        {"name":"r#consumer-1","client_id":"r","type":"consumer","ts":1,"time":1,"age":5,"replyq":0,"msg_cnt":12,
         "msg_size":3400,"msg_max":100000,"msg_size_max":67108864,"simple_cnt":0,"metadata_cache_cnt":1,
         "brokers":{
           "h:9092/bootstrap":{"name":"h:9092/bootstrap","nodeid":-1,"state":"UP","rtt":{"min":1,"avg":9000,"cnt":50}},
           "h:9092/1":{"name":"h:9092/1","nodeid":1,"state":"UP","rtt":{"min":100,"max":900,"avg":1500,"sum":3,"cnt":2}},
           "h:9093/2":{"name":"h:9093/2","nodeid":2,"state":"UP","rtt":{"min":100,"max":900,"avg":4500,"sum":3,"cnt":1}},
           "h:9094/3":{"name":"h:9094/3","nodeid":3,"state":"DOWN","rtt":{"avg":77,"cnt":1}}},
         "topics":{"t":{"topic":"t","age":4,"partitions":{
           "0":{"partition":0,"committed_offset":40,"hi_offset":100,"ls_offset":100,"consumer_lag":60},
           "1":{"partition":1,"committed_offset":-1001,"hi_offset":-1001,"consumer_lag":-1},
           "-1":{"partition":-1,"committed_offset":-1001,"hi_offset":-1001,"consumer_lag":-1}}}},
         "tx":3,"rxmsgs":100}
        """#.utf8)

    @Test func `known figures are taken over and unknown ones stay nil`() throws {
        var statistics = KafkaClientStatistics()
        statistics.records = 5
        statistics.partitions = (0..<3).map { KafkaPartitionStatistics(topic: "t", partition: $0) }
        try StatisticsDocument(json: json).merge(into: &statistics)
        #expect(statistics.queuedRecords == 12)
        #expect(statistics.queuedBytes == 3_400)
        #expect(statistics.brokersConnected == 2)
        #expect(statistics.roundTripMilliseconds == 2.5)
        #expect(statistics.partitions[0].lag == 60)
        #expect(statistics.partitions[0].committedOffset == 40)
        #expect(statistics.partitions[0].endOffset == 100)
        #expect(statistics.partitions[1].lag == nil && statistics.partitions[1].endOffset == nil)
        #expect(statistics.partitions[2].lag == nil)
        #expect(statistics.lag == 60)
        #expect(statistics.records == 5)
    }

    @Test func `a document of another kind is an error and not a zero`() {
        #expect(throws: DecodingError.self) { try StatisticsDocument(json: Data("{}".utf8)) }
    }
}
