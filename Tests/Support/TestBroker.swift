import Kafka
import Logging
import Synchronization

/// One emulated broker for all tests of a process, and topics that no two tests share.
///
/// Tests that make the broker fail start an `EmulatedBroker` of their own: faults hit every client.
package enum TestBroker {
    private static let shared = Result { try EmulatedBroker() }
    private static let topicCount = Mutex(0)

    /// The broker; started by the first call, ended with the process.
    ///
    /// - Throws: `KafkaError` if it could not be started.
    package static func broker() throws -> EmulatedBroker {
        try shared.get()
    }

    /// Settings for a client of the broker, with the short fetch waits that the emulation needs for low latency.
    package static func configuration(clientID: String = "test") throws -> KafkaConfiguration {
        configuration(of: try broker(), clientID: clientID)
    }

    /// Settings for a client of another broker.
    package static func configuration(of broker: EmulatedBroker, clientID: String = "test") -> KafkaConfiguration {
        KafkaConfiguration(
            bootstrapServers: broker.bootstrapServers, clientID: clientID, overrides: ["fetch.wait.max.ms": "5"])
    }

    /// Creates a topic with a name of its own.
    package static func topic(_ prefix: String, partitions: Int, on broker: EmulatedBroker? = nil) throws -> String {
        let name = uniqueName(prefix)
        try (broker ?? self.broker()).createTopic(name, partitions: partitions)
        return name
    }

    /// A name that no other call gets; for topics and groups.
    package static func uniqueName(_ prefix: String) -> String {
        topicCount.withLock { count in
            count += 1
            return "\(prefix)-\(count)"
        }
    }

    /// A logger that says only what a failing test needs.
    package static var logger: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
