import Kafka
import Support
import Testing

@Suite(.timeLimit(.minutes(2)))
struct AdminTests {
    @Test func `topics are listed with their partitions`() async throws {
        let topic = try TestBroker.topic("listed", partitions: 5)
        let admin = KafkaAdmin(try TestBroker.configuration(), logger: TestBroker.logger)
        let found = try await admin.topics().first { $0.name == topic }
        #expect(found?.partitions == 5)
        #expect(found?.replicationFactor == 1)
        #expect(found?.partitionsWithoutLeader == 0)
    }

    @Test func `a broker without administration is told apart from one that fails`() async throws {
        let admin = KafkaAdmin(try TestBroker.configuration(), logger: TestBroker.logger, timeout: .seconds(5))
        let create = await #expect(throws: KafkaError.self) {
            try await admin.createTopics([
                KafkaTopicDefinition(name: "x", partitions: 1, settings: ["retention.ms": "1"])
            ])
        }
        #expect(create?.code == .unsupported)
        let delete = await #expect(throws: KafkaError.self) { try await admin.deleteTopics(["x"]) }
        #expect(delete?.code == .unsupported)
        let grow = await #expect(throws: KafkaError.self) { try await admin.growTopic("x", to: 9) }
        #expect(grow?.code == .unsupported)
        let describe = await #expect(throws: KafkaError.self) { try await admin.settings(of: "x") }
        #expect(describe?.code == .unsupported)
    }

    @Test func `a definition that cannot be is refused before it is sent`() async throws {
        let admin = KafkaAdmin(try TestBroker.configuration(), logger: TestBroker.logger)
        let error = await #expect(throws: KafkaError.self) {
            try await admin.createTopics([KafkaTopicDefinition(name: "x", partitions: 0)])
        }
        #expect(error?.code == .configuration)
    }

    @Test func `without a broker a call ends at its time`() async throws {
        let broker = try EmulatedBroker()
        let configuration = TestBroker.configuration(of: broker)
        broker.stop()
        let admin = KafkaAdmin(configuration, logger: TestBroker.logger, timeout: .milliseconds(500))
        let error = await #expect(throws: KafkaError.self) { try await admin.topics() }
        #expect(error?.isRetriable == true)
        await #expect(throws: KafkaError.self) { try await admin.deleteTopics(["x"]) }
    }

    @Test func `a stopped emulation refuses further calls`() throws {
        let broker = try EmulatedBroker(brokers: 2)
        broker.stop()
        broker.stop()
        let error = #expect(throws: KafkaError.self) { try broker.createTopic("t", partitions: 1) }
        #expect(error?.code == .closed)
    }
}
