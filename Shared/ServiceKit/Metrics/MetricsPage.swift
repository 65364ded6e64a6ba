import Kafka
import Messaging
import Postgres

/// The page `/metrics`: what was counted, and what is read when it is asked for.
struct MetricsPage: Sendable {
    let registry: PrometheusRegistry
    let board: HealthBoard
    let admission: RequestAdmission
    let pool: @Sendable () -> PostgresPoolStatistics
    let producer: @Sendable () -> KafkaClientStatistics
    let messaging: MessagingMetrics
    let audit: AuditTrailMetrics
    let openGaps: @Sendable () -> Int

    /// The page in the text format 0.0.4.
    func text() -> String {
        var text = PrometheusText()
        writeProcess(ProcessFigures.current(), to: &text)
        writeHealth(to: &text)
        writePool(pool(), to: &text)
        writeProducer(producer(), to: &text)
        writeMessaging(messaging.snapshot, to: &text)
        writeAuditTrail(audit.snapshot, to: &text)
        return text.content + registry.text()
    }

    private func writeProcess(_ figures: ProcessFigures, to text: inout PrometheusText) {
        let families: [(String, MetricKind, Double?)] = [
            ("process_resident_memory_bytes", .gauge, figures.residentBytes),
            ("process_cpu_seconds_total", .counter, figures.processorSeconds),
            ("process_open_fds", .gauge, figures.openFiles), ("process_threads", .gauge, figures.threads),
        ]
        for (name, kind, value) in families { text.family(name, kind, value.map { [([], $0)] } ?? []) }
    }

    private func writeHealth(to text: inout PrometheusText) {
        text.family(
            "dependency_ready", .gauge,
            Dependency.allCases.map {
                ([("dependency", $0.rawValue)], board.condition(of: $0) == .ready ? 1 : 0)
            })
        text.family("http_requests_in_flight", .gauge, [([], Double(admission.current))])
        text.family("http_requests_waiting", .gauge, [([], Double(admission.waiting))])
        text.family("http_requests_refused_total", .counter, [([], Double(admission.refusedTotal))])
    }

    private func writePool(_ figures: PostgresPoolStatistics, to text: inout PrometheusText) {
        text.family(
            "database_connections", .gauge,
            [
                ([("state", "idle")], Double(figures.idle)),
                ([("state", "used")], Double(figures.open - figures.idle)),
            ])
        text.family("database_waiting", .gauge, [([], Double(figures.waiting))])
        text.family("database_acquired_total", .counter, [([], Double(figures.acquiredTotal))])
        text.family("database_acquire_timeouts_total", .counter, [([], Double(figures.timeoutsTotal))])
        text.family("database_discarded_total", .counter, [([], Double(figures.discardedTotal))])
    }

    private func writeProducer(_ figures: KafkaClientStatistics, to text: inout PrometheusText) {
        text.family("kafka_producer_records_total", .counter, [([], Double(figures.records))])
        text.family("kafka_producer_bytes_total", .counter, [([], Double(figures.bytes))])
        text.family("kafka_producer_failures_total", .counter, [([], Double(figures.failures))])
        text.family("kafka_producer_rebuilds_total", .counter, [([], Double(figures.rebuilds))])
        text.family("kafka_producer_queued_records", .gauge, [([], Double(figures.queuedRecords))])
        text.family("kafka_brokers_connected", .gauge, [([], Double(figures.brokersConnected))])
    }

    private func writeMessaging(_ figures: MessagingMetrics.Snapshot, to text: inout PrometheusText) {
        text.family("relay_active", .gauge, [([], figures.isRelayActive ? 1 : 0)])
        text.family("relay_last_tick", .gauge, [([], Double(figures.lastTick))])
        text.family("relay_sent_total", .counter, [([], Double(figures.sent))])
        text.family("relay_replayed_total", .counter, [([], Double(figures.replayed))])
        text.family("reader_open_gaps", .gauge, [([], Double(openGaps()))])
        let readers = figures.readers.sorted { $0.key < $1.key }
        let families: [(String, KeyPath<MessagingMetrics.Reader, Int>)] = [
            ("reader_applied_total", \.applied), ("reader_duplicates_total", \.duplicates),
            ("reader_parked_total", \.parked), ("reader_replays_asked_total", \.replaysAsked),
            ("reader_retries_total", \.retries),
        ]
        for (name, value) in families {
            text.family(
                name, .counter, readers.map { ([("reader", $0.key)], Double($0.value[keyPath: value])) })
        }
    }

    private func writeAuditTrail(_ figures: AuditTrailMetrics.Snapshot, to text: inout PrometheusText) {
        text.family("audit_trail_sealer_active", .gauge, [([], figures.isActive ? 1 : 0)])
        text.family("audit_trail_last_seal", .gauge, [([], Double(figures.lastSeal))])
        text.family("audit_trail_sealed_total", .counter, [([], Double(figures.sealed))])
        text.family("audit_trail_unsealed_entries", .gauge, [([], Double(figures.tail.entries))])
        text.family("audit_trail_unsealed_age_seconds", .gauge, [([], figures.tail.ageSeconds)])
    }
}
