/// Where the brokers are and how to speak to them; shared by producer, consumer and administration.
package struct KafkaConfiguration: Sendable {
    /// Brokers to ask first, `host:port` separated by commas.
    ///
    /// The others are learnt from them.
    package var bootstrapServers: String

    /// The name that brokers log and count.
    ///
    /// Each client adds a random ending, so that two replicas never share one.
    package var clientID: String

    /// Encryption and authentication.
    ///
    /// Default: none.
    package var security: KafkaSecurity

    /// librdkafka properties that win over the driver's own, for example `["fetch.wait.max.ms": "5"]`.
    ///
    /// Properties that belong to one kind of client only are ignored by the others (librdkafka warns of them). The
    /// properties on which the driver's guarantees rest (`enable.idempotence`, `enable.auto.offset.store`,
    /// `message.timeout.ms`, `partition.assignment.strategy` …) cannot be overridden: naming one is an error.
    package var overrides: [String: String]

    /// Creates a configuration.
    package init(
        bootstrapServers: String, clientID: String, security: KafkaSecurity = .plaintext,
        overrides: [String: String] = [:]
    ) {
        self.bootstrapServers = bootstrapServers
        self.clientID = clientID
        self.security = security
        self.overrides = overrides
    }
}

/// Certificates for TLS, as paths of PEM files.
package struct KafkaTLS: Sendable, Hashable {
    /// The authorities that may sign a broker's certificate; the system's own if nil.
    package var ca: String?

    /// The client's certificate, for brokers that ask for one.
    package var certificate: String?

    /// The private key of `certificate`.
    package var key: String?

    /// Creates TLS settings; all nil means TLS with the system's authorities and no client certificate.
    package init(ca: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.ca = ca
        self.certificate = certificate
        self.key = key
    }
}

/// How a password is proved to the broker.
package enum KafkaSASLMechanism: String, Sendable, Hashable, CaseIterable {
    /// The password as it is; only inside TLS.
    case plain = "PLAIN"
    /// Salted challenge and response with SHA-256 (RFC 7677).
    case scramSHA256 = "SCRAM-SHA-256"
    /// Salted challenge and response with SHA-512.
    case scramSHA512 = "SCRAM-SHA-512"
}

/// Encryption and authentication of the connections to the brokers.
package enum KafkaSecurity: Sendable, Hashable {
    /// Neither; for a private network or one machine.
    case plaintext
    /// TLS with the broker's host name checked; paths of PEM files, see `KafkaTLS`.
    case tls(ca: String? = nil, certificate: String? = nil, key: String? = nil)
    /// A user's password, inside TLS unless `tls` is nil.
    case sasl(mechanism: KafkaSASLMechanism, user: String, password: String, tls: KafkaTLS?)
}

extension KafkaSecurity: CustomStringConvertible {
    /// The kind of security and the user; never the password.
    package var description: String {
        switch self {
        case .plaintext: "plaintext"
        case .tls: "tls"
        case .sasl(let mechanism, let user, _, let tls):
            "sasl \(mechanism.rawValue) as \(user)\(tls == nil ? "" : " over tls")"
        }
    }
}

extension KafkaSecurity: CustomDebugStringConvertible, CustomReflectable {
    /// The same as `description`, so that a dump of a configuration shows no password.
    package var debugDescription: String { description }

    /// No children, so that a dump of a configuration shows no password.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
