import Kafka
import Support
import Testing

struct ClientPropertiesTests {
    private func client(
        security: KafkaSecurity = .plaintext, overrides: [String: String] = [:]
    ) -> KafkaConfiguration {
        KafkaConfiguration(
            bootstrapServers: "a:1,b:2", clientID: "registry", security: security, overrides: overrides)
    }

    private func consumer(_ change: (inout KafkaConsumerConfiguration) -> Void = { _ in }) -> KafkaConsumerConfiguration
    {
        var configuration = KafkaConsumerConfiguration(client: client(), group: "readers", topics: ["t"])
        change(&configuration)
        return configuration
    }

    @Test func `a producer is idempotent, waits for all replicas and never gives a record up by itself`() throws {
        let properties = try ClientProperties.producer(client(), uniqueSuffix: "0a")
        #expect(properties["enable.idempotence"] == "true")
        #expect(properties["acks"] == "all")
        #expect(properties["message.timeout.ms"] == "0")
        #expect(properties["partitioner"] == "murmur2_random")
        #expect(properties["compression.type"] == "lz4")
        #expect(properties["queue.buffering.max.kbytes"] == "65536")
        #expect(properties["socket.nagle.disable"] == "true")
        #expect(properties["allow.auto.create.topics"] == "false")
        #expect(properties["bootstrap.servers"] == "a:1,b:2")
        #expect(properties["client.id"] == "registry-0a")
    }

    @Test func `a consumer starts at the oldest record and stores no offset by itself`() throws {
        let properties = try ClientProperties.consumer(consumer(), uniqueSuffix: "0a")
        #expect(properties["auto.offset.reset"] == "earliest")
        #expect(properties["enable.auto.offset.store"] == "false")
        #expect(properties["partition.assignment.strategy"] == "range,roundrobin")
        #expect(properties["session.timeout.ms"] == "10000")
        #expect(properties["heartbeat.interval.ms"] == "2000")
        #expect(properties["max.poll.interval.ms"] == "60000")
        #expect(properties["group.id"] == "readers")
        #expect(properties["queued.max.messages.kbytes"] == "16384")
    }

    @Test func `a long patience with handlers lengthens the time without a poll`() throws {
        let properties = try ClientProperties.consumer(
            consumer {
                $0.revokeTimeout = .seconds(50)
                $0.startAt = .latest
                $0.sessionTimeout = .seconds(6)
            }, uniqueSuffix: "0a")
        #expect(properties["max.poll.interval.ms"] == "100000")
        #expect(properties["auto.offset.reset"] == "latest")
        #expect(properties["heartbeat.interval.ms"] == "1500")
    }

    @Test func `overrides win, but not over what the guarantees rest on`() throws {
        let changed = try ClientProperties.producer(client(overrides: ["linger.ms": "20"]), uniqueSuffix: "0a")
        #expect(changed["linger.ms"] == "20")
        #expect(changed.pairs.count { $0.name == "linger.ms" } == 1)
        for name in ["enable.idempotence", "message.timeout.ms", "enable.auto.offset.store", "group.id", "acks"] {
            let error = #expect(throws: KafkaError.self) {
                try ClientProperties.producer(client(overrides: [name: "1"]), uniqueSuffix: "0a")
            }
            #expect(error?.code == .configuration)
            #expect(error?.detail.contains(name) == true)
        }
    }

    @Test func `security becomes the right properties`() throws {
        let tls = try ClientProperties.producer(
            client(security: .tls(ca: "/ca.pem", certificate: "/c.pem", key: "/k.pem")), uniqueSuffix: "0a")
        #expect(tls["security.protocol"] == "ssl")
        #expect(tls["ssl.ca.location"] == "/ca.pem")
        #expect(tls["ssl.certificate.location"] == "/c.pem")
        #expect(tls["ssl.key.location"] == "/k.pem")
        #expect(tls["ssl.endpoint.identification.algorithm"] == "https")

        let sasl = KafkaSecurity.sasl(mechanism: .scramSHA512, user: "u", password: "p", tls: KafkaTLS(ca: "/ca.pem"))
        let both = try ClientProperties.producer(client(security: sasl), uniqueSuffix: "0a")
        #expect(both["security.protocol"] == "sasl_ssl")
        #expect(both["sasl.mechanism"] == "SCRAM-SHA-512")
        #expect(both["sasl.username"] == "u")
        #expect(both["sasl.password"] == "p")
        #expect(both["ssl.ca.location"] == "/ca.pem")

        let plain = KafkaSecurity.sasl(mechanism: .plain, user: "u", password: "p", tls: nil)
        #expect(
            try ClientProperties.admin(client(security: plain), uniqueSuffix: "0a")["security.protocol"]
                == "sasl_plaintext")
    }

    @Test func `a password shows in no description`() {
        let secret = "correct horse"
        let configuration = client(security: .sasl(mechanism: .plain, user: "u", password: secret, tls: nil))
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration)".contains(secret))
        #expect(!String(reflecting: configuration).contains(secret))
        #expect(!dumped.contains(secret))
    }

    @Test(arguments: 0..<7)
    func `settings out of range are refused before any connection`(number: Int) {
        let wrong = consumer { configuration in
            switch number {
            case 0: configuration.group = ""
            case 1: configuration.topics = []
            case 2: configuration.batchRecordsMax = 0
            case 3: configuration.bufferedRecordsMax = 1
            case 4: configuration.sessionTimeout = .zero
            case 5: configuration.retryDelayMax = .milliseconds(1)
            default: configuration.bufferedBytesMax = 0
            }
        }
        let error = #expect(throws: KafkaError.self) {
            try ClientProperties.consumer(wrong, uniqueSuffix: "0a")
        }
        #expect(error?.code == .configuration)
    }

    @Test func `librdkafka knows every property and allows every value`() throws {
        let logger = TestBroker.logger
        _ = try KafkaProducer(client(), logger: logger)
        _ = try KafkaConsumer(consumer(), logger: logger) { _ in }
        _ = try KafkaProducer(
            client(security: .sasl(mechanism: .scramSHA256, user: "u", password: "p", tls: KafkaTLS())),
            logger: logger)
    }

    @Test func `an unknown property is an error that names it and hides its value`() {
        let error = #expect(throws: KafkaError.self) {
            try KafkaProducer(client(overrides: ["no.such.property": "hush"]), logger: TestBroker.logger)
        }
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("no.such.property") == true)
        #expect(error?.description.contains("hush") == false)
    }
}
