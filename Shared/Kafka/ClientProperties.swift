/// librdkafka properties of a kind of client: the driver's own choices, the caller's settings, the overrides.
package struct ClientProperties: Sendable, Equatable {
    /// Property names and values, in the order in which they are set.
    package private(set) var pairs: [(name: String, value: String)]

    package static func == (left: ClientProperties, right: ClientProperties) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Returns the value of a property, or nil if librdkafka's default holds.
    package subscript(name: String) -> String? {
        pairs.last { $0.name == name }?.value
    }

    /// Properties on which promises of this driver rest; an override would break them in silence.
    package static let reserved: Set<String> = [
        "enable.idempotence", "acks", "request.required.acks", "message.timeout.ms", "delivery.timeout.ms",
        "max.in.flight", "max.in.flight.requests.per.connection", "partitioner", "enable.auto.offset.store",
        "enable.auto.commit", "partition.assignment.strategy", "group.id", "auto.offset.reset", "log.queue",
        "client.id", "bootstrap.servers", "metadata.broker.list", "enable.partition.eof", "transactional.id",
        "group.instance.id",
    ]

    /// Properties of a producer: idempotent, acknowledged by all replicas, never given up by librdkafka itself.
    ///
    /// - Throws: `KafkaError` (`configuration`) if an override names a reserved property.
    package static func producer(_ configuration: KafkaConfiguration, uniqueSuffix: String) throws -> ClientProperties {
        var properties = common(configuration, uniqueSuffix: uniqueSuffix)
        properties.add([
            ("enable.idempotence", "true"),
            ("acks", "all"),
            // A record that times out inside librdkafka would be skipped while its successors go out: a silent gap.
            // Time is bounded per batch by the caller instead.
            ("message.timeout.ms", "0"),
            ("partitioner", "murmur2_random"),
            ("compression.type", "lz4"),
            // The caller hands over whole batches, so there is little to wait for; 1 ms lets a batch gather.
            ("linger.ms", "1"),
            ("queue.buffering.max.messages", "100000"),
            ("queue.buffering.max.kbytes", "65536"),
            // A topic that is created a moment after its first record is normal at a first start.
            ("topic.metadata.propagation.max.ms", "10000"),
            ("topic.metadata.refresh.interval.ms", "10000"),
        ])
        try properties.apply(configuration.overrides)
        return properties
    }

    /// Properties of a consumer: eager assignment, offsets stored only after the handler has finished.
    ///
    /// - Throws: `KafkaError` (`configuration`) if a setting is out of range or an override is reserved.
    package static func consumer(_ configuration: KafkaConsumerConfiguration, uniqueSuffix: String) throws
        -> ClientProperties
    {
        try validate(configuration)
        let session = configuration.sessionTimeout.wholeMilliseconds
        // librdkafka's limit on silence from the application; the poll thread is silent at most while it waits for
        // handlers of partitions that move away.
        let pollInterval = max(60_000, session, configuration.revokeTimeout.wholeMilliseconds * 2)
        var properties = common(configuration.client, uniqueSuffix: uniqueSuffix)
        properties.add([
            ("group.id", configuration.group),
            ("auto.offset.reset", configuration.startAt.rawValue),
            ("enable.auto.offset.store", "false"),
            ("enable.auto.commit", "true"),
            ("auto.commit.interval.ms", "1000"),
            // Cooperative assignment in 2.0.2 can loop, hang or crash; see the list of fixes up to 2.10.
            ("partition.assignment.strategy", "range,roundrobin"),
            ("session.timeout.ms", String(session)),
            ("heartbeat.interval.ms", String(min(2_000, session / 4))),
            ("max.poll.interval.ms", String(pollInterval)),
            ("queued.min.messages", "10000"),
            ("queued.max.messages.kbytes", "16384"),
            // A fetch in flight does not know of partitions resumed or assigned after it: they wait for its end.
            ("fetch.wait.max.ms", "100"),
            ("fetch.error.backoff.ms", "100"),
            ("check.crcs", "true"),
            ("enable.partition.eof", "false"),
            // A topic that is created later is found at this pace; the default of 5 minutes is too long to wait for.
            ("topic.metadata.refresh.interval.ms", String(configuration.metadataRefresh.wholeMilliseconds)),
        ])
        try properties.apply(configuration.client.overrides)
        return properties
    }

    /// Properties of the short-lived clients behind `KafkaAdmin`.
    ///
    /// - Throws: `KafkaError` (`configuration`) if an override names a reserved property.
    package static func admin(_ configuration: KafkaConfiguration, uniqueSuffix: String) throws -> ClientProperties {
        var properties = common(configuration, uniqueSuffix: uniqueSuffix)
        properties.remove("statistics.interval.ms")
        try properties.apply(configuration.overrides)
        return properties
    }

    private static func common(_ configuration: KafkaConfiguration, uniqueSuffix: String) -> ClientProperties {
        var properties = ClientProperties(pairs: [
            ("bootstrap.servers", configuration.bootstrapServers),
            ("client.id", "\(configuration.clientID)-\(uniqueSuffix)"),
            ("socket.nagle.disable", "true"),
            ("socket.keepalive.enable", "true"),
            ("socket.connection.setup.timeout.ms", "5000"),
            ("reconnect.backoff.ms", "50"),
            ("reconnect.backoff.max.ms", "1000"),
            ("allow.auto.create.topics", "false"),
            ("statistics.interval.ms", "10000"),
            ("log.queue", "true"),
            // Brokers close idle connections as a matter of course.
            ("log.connection.close", "false"),
        ])
        properties.add(security(configuration.security))
        return properties
    }

    private static func security(_ security: KafkaSecurity) -> [(String, String)] {
        switch security {
        case .plaintext:
            return [("security.protocol", "plaintext")]
        case .tls(let ca, let certificate, let key):
            return [("security.protocol", "ssl")] + tls(KafkaTLS(ca: ca, certificate: certificate, key: key))
        case .sasl(let mechanism, let user, let password, let tlsSettings):
            let protocolName = tlsSettings == nil ? "sasl_plaintext" : "sasl_ssl"
            return [
                ("security.protocol", protocolName), ("sasl.mechanism", mechanism.rawValue), ("sasl.username", user),
                ("sasl.password", password),
            ] + (tlsSettings.map(tls) ?? [])
        }
    }

    private static func tls(_ settings: KafkaTLS) -> [(String, String)] {
        var pairs = [("ssl.endpoint.identification.algorithm", "https")]
        if let ca = settings.ca { pairs.append(("ssl.ca.location", ca)) }
        if let certificate = settings.certificate { pairs.append(("ssl.certificate.location", certificate)) }
        if let key = settings.key { pairs.append(("ssl.key.location", key)) }
        return pairs
    }

    private static func validate(_ configuration: KafkaConsumerConfiguration) throws {
        func check(_ isValid: Bool, _ rule: String) throws {
            guard isValid else {
                throw KafkaError(code: .configuration, operation: "configure consumer", detail: rule)
            }
        }
        try check(!configuration.group.isEmpty, "group must not be empty")
        try check(!configuration.topics.isEmpty, "at least one topic is needed")
        try check(configuration.batchRecordsMax >= 1, "batchRecordsMax must be at least 1")
        try check(configuration.bufferedRecordsMax >= 2, "bufferedRecordsMax must be at least 2")
        try check(configuration.bufferedBytesMax >= 1_024, "bufferedBytesMax must be at least 1024")
        try check(configuration.sessionTimeout >= .milliseconds(100), "sessionTimeout must be at least 100 ms")
        try check(configuration.metadataRefresh >= .milliseconds(10), "metadataRefresh must be at least 10 ms")
        try check(
            configuration.retryDelayMin > .zero && configuration.retryDelayMax >= configuration.retryDelayMin,
            "retryDelayMin must be above 0 and not above retryDelayMax")
    }

    private mutating func add(_ more: [(String, String)]) {
        pairs += more.map { (name: $0.0, value: $0.1) }
    }

    private mutating func remove(_ name: String) {
        pairs.removeAll { $0.name == name }
    }

    private mutating func apply(_ overrides: [String: String]) throws {
        for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
            guard !Self.reserved.contains(name) else {
                throw KafkaError(
                    code: .configuration, operation: "configure client",
                    detail: "property \(name) belongs to the driver")
            }
            remove(name)
            add([(name, value)])
        }
    }
}
