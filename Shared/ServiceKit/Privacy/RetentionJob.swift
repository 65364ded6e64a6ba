import Foundation
import Logging
import Messaging
import Metrics
import Models
import Postgres

/// Erases what has been kept long enough, once a day of the county, and keeps the counts.
///
/// It works in batches, each a transaction with its count and its entries of the audit trail; a run that was killed goes
/// on with the next batch. Any number of replicas may run one: a batch is made by the one that holds the rule's lock.
package struct RetentionJob: Sendable {
    private let outbox: Outbox
    private let audit: AuditTrail
    private let rules: [RetentionRule]
    private let now: @Sendable () -> Date
    private let batchSize: Int
    private let logger: Logger

    /// Makes a job.
    ///
    /// - Parameters:
    ///   - outbox: the service's outbox, for what others must be told of.
    ///   - audit: its audit trail.
    ///   - rules: those of its inventory and of the kit's.
    ///   - now: the clock.
    ///   - batchSize: how many objects a transaction erases.
    ///   - logger: where it says what it did.
    package init(
        outbox: Outbox, audit: AuditTrail, rules: [RetentionRule], now: @escaping @Sendable () -> Date,
        batchSize: Int = 500, logger: Logger
    ) {
        self.outbox = outbox
        self.audit = audit
        self.rules = rules
        self.now = now
        self.batchSize = batchSize
        self.logger = logger
    }

    /// Runs until the task is cancelled; a day's run is begun within ten minutes of the county's midnight.
    package func run() async throws {
        while true {
            _ = try await runToday()
            try await Task.sleep(for: .seconds(600))
        }
    }

    /// Runs all rules that have not been finished today.
    ///
    /// - Returns: how many objects this call has erased, by rule.
    package func runToday() async throws -> [String: Int] {
        var erased: [String: Int] = [:]
        for rule in rules {
            while let count = try await step(rule) { erased[rule.name, default: 0] += count }
        }
        return erased
    }

    /// Makes one batch of a rule's run of today.
    ///
    /// - Returns: how many it erased; nil when the run is over, or another replica makes a batch at this moment.
    package func step(_ rule: RetentionRule) async throws -> Int? {
        let time = now()
        let due = RetentionRule.Due(
            before: rule.keeping.before(time), day: try CountyCalendar.day(of: time), limit: batchSize)
        let actor = Actor(kind: .service, subject: audit.service.rawValue, operation: "retention \(rule.name)")
        let erased: Int? = try await Actor.$current.withValue(actor) {
            try await outbox.transaction { transaction in
                guard try await begin(rule, due, in: transaction) else { return (nil, []) }
                let ids: [String] = try await transaction.query(rule.erase(due)).rows.map { try $0.decode("id") }
                note(rule, due, ids, at: time, in: transaction)
                let events = ids.isEmpty ? [] : try await rule.tell?(ids, transaction)
                return (ids.count, events ?? [])
            }
        }
        guard let erased, erased > 0 else { return erased }
        Counter(label: "retention_erased_total", dimensions: [("rule", rule.name)]).increment(by: erased)
        logger.info("retention: erased", metadata: ["rule": .string(rule.name), "count": .stringConvertible(erased)])
        return erased
    }

    /// Takes the rule's lock for this transaction; says whether there is something to do.
    private func begin(
        _ rule: RetentionRule, _ due: RetentionRule.Due, in transaction: PostgresTransaction
    ) async throws -> Bool {
        let results = try await transaction.pipeline([
            "select pg_try_advisory_xact_lock(\(Self.lockSpace), hashtext(\(rule.name))) as acquired",
            """
            select from service_kit.retention_runs
            where rule = \(rule.name) and day = \(PostgresValue.date(due.day.description)) and finished_at is not null
            """,
        ])
        let isAcquired: Bool = try results[0].rows.first?.decode("acquired") ?? false
        guard isAcquired, results[1].rows.isEmpty else { return false }
        if let locking = rule.locking { _ = try await transaction.query(locking) }
        return true
    }

    private func note(
        _ rule: RetentionRule, _ due: RetentionRule.Due, _ ids: [String], at time: Date,
        in transaction: PostgresTransaction
    ) {
        let finished = ids.count < due.limit ? time : nil
        transaction.enqueue(
            """
            insert into service_kit.retention_runs as r (rule, day, erased, finished_at)
            values (\(rule.name), \(PostgresValue.date(due.day.description)), \(Int64(ids.count)), \(finished)::timestamptz)
            on conflict (rule, day) do update
            set erased = r.erased + excluded.erased, finished_at = excluded.finished_at
            """)
        let span: AuditDetails.Value =
            switch rule.keeping {
            case .months(let months): .code("months-\(months)")
            case .days(let days): .code("days-\(days)")
            }
        audit.record(
            ids.map { AuditEntry(.erased, rule.objectType, id: $0, details: ["rule": .code(rule.name), "kept": span]) }
                + [
                    AuditEntry(
                        .erased, "retention-run", id: rule.name,
                        details: ["erased": .count(ids.count), "isLast": .code(finished == nil ? "no" : "yes")])
                ], in: transaction)
    }

    /// Sets these locks apart from other advisory locks of two numbers: "RETE" in ASCII.
    private static let lockSpace = Int32(0x5245_5445)
}
