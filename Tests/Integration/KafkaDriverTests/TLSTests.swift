import Foundation
import Kafka
import Logging
import Support
import Testing

/// Brokers that speak TLS: the emulation behind a terminator, with certificates of an authority of the test.
@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    /// Lists the topics of a broker behind a certificate, by a name of this machine.
    private func list(
        as identity: LocalAuthority.Identity, at host: String = "127.0.0.1", _ security: KafkaSecurity
    ) async throws -> [String] {
        let broker = try EmulatedBroker()
        try broker.createTopic("seen", partitions: 1)
        let terminator = try await TLSTerminator.start(for: broker, as: identity)
        defer {
            terminator.stop()
            broker.stop()
        }
        let configuration = KafkaConfiguration(
            bootstrapServers: "\(host):\(terminator.port)", clientID: "test", security: security)
        return try await KafkaAdmin(configuration, logger: TestBroker.logger, timeout: .seconds(3)).topics().map(\.name)
    }

    @Test func `a broker of the right authority and name is spoken to, records and all`() async throws {
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("IP:127.0.0.1")
            let broker = try EmulatedBroker()
            let topic = try TestBroker.topic("tls", partitions: 1, on: broker)
            let terminator = try await TLSTerminator.start(for: broker, as: identity)
            let producer = try KafkaProducer(
                KafkaConfiguration(
                    bootstrapServers: "127.0.0.1:\(terminator.port)", clientID: "test",
                    security: .tls(ca: authority.certificate)), logger: TestBroker.logger)
            try await producer.ping(timeout: .seconds(10))
            let reports = try await producer.send(
                [KafkaOutgoingRecord(topic: topic, key: Array("k".utf8), value: Array("v".utf8))],
                timeout: .seconds(20))
            #expect(reports.count == 1 && reports[0].error == nil)
            await producer.close(deadline: .seconds(2))
            terminator.stop()
            broker.stop()
        }
    }

    @Test func `a broker of another authority is refused by name of the reason`() async throws {
        try await LocalAuthority.with { authority in
            try await LocalAuthority.with { other in
                let identity = try await other.issue("IP:127.0.0.1")
                let error = await #expect(throws: KafkaError.self) {
                    try await self.list(as: identity, .tls(ca: authority.certificate))
                }
                #expect(error?.description.contains("certificate") == true, "\(String(describing: error))")
            }
        }
    }

    @Test func `a certificate for another host is refused`() async throws {
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("DNS:broker.example", "IP:10.0.0.1")
            let error = await #expect(throws: KafkaError.self) {
                try await self.list(as: identity, .tls(ca: authority.certificate))
            }
            #expect(error?.description.contains("certificate") == true, "\(String(describing: error))")
        }
    }

    @Test func `a certificate that has ended is refused`() async throws {
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("IP:127.0.0.1", days: -1)
            let error = await #expect(throws: KafkaError.self) {
                try await self.list(as: identity, .tls(ca: authority.certificate))
            }
            #expect(error?.description.contains("certificate") == true, "\(String(describing: error))")
        }
    }

    @Test func `plain text towards a TLS broker fails, and TLS towards a plain one`() async throws {
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("IP:127.0.0.1")
            await #expect(throws: KafkaError.self) { try await self.list(as: identity, .plaintext) }
            let broker = try EmulatedBroker()
            let admin = KafkaAdmin(
                KafkaConfiguration(
                    bootstrapServers: broker.bootstrapServers, clientID: "test",
                    security: .tls(ca: authority.certificate)), logger: TestBroker.logger, timeout: .seconds(3))
            await #expect(throws: KafkaError.self) { try await admin.topics() }
            broker.stop()
        }
    }
}
