import Kafka
import Testing

struct KafkaErrorTests {
    @Test(arguments: [
        (-185, KafkaError.Code.timeout, true), (-192, .timeout, true), (-195, .connection, true),
        (-187, .connection, true), (3, .unknownTopic, true), (-190, .unknownPartition, true),
        (10, .recordTooLarge, false), (29, .authorization, false), (-169, .authorization, false),
        (-152, .clientReset, true), (-186, .configuration, false), (-165, .unsupported, false),
        (36, .alreadyExists, false), (6, .broker, true), (44, .broker, false), (-150, .fatal, false),
    ])
    func `numbers of librdkafka become kinds and say whether to try again`(
        number: Int32, code: KafkaError.Code, isRetriable: Bool
    ) {
        let error = KafkaError(rdKafkaCode: number, operation: "test")
        #expect(error.code == code)
        #expect(error.isRetriable == isRetriable)
        #expect(error.rdKafkaCode == number)
        #expect(!error.isFatal)
    }

    @Test func `a fatal error says so and may be tried again, for the client is new`() {
        let error = KafkaError(rdKafkaCode: 45, operation: "send", isFatal: true)
        #expect(error.code == .fatal)
        #expect(error.isFatal && error.isRetriable)
        #expect(error.description.contains("OUT_OF_ORDER_SEQUENCE_NUMBER"))
        #expect(error.description.contains("client rebuilt"))
    }

    @Test func `a description names operation, kind and librdkafka's name`() {
        let error = KafkaError(rdKafkaCode: -195, operation: "ping")
        #expect(error.description.hasPrefix("Kafka ping: connection (_TRANSPORT)"))
        #expect(KafkaError(code: .closed, operation: "send").description == "Kafka send: closed")
    }
}
