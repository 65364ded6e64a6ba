import ArgumentParser
import Messaging
import Models

/// `tiaokuai audit`.
package struct AuditCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "核对每个事件是否恰好生效一次 Checks that every event took effect exactly once.",
        discussion: """
            对每个来源、主题和读者列出：产生、已用、搁置、跳过、缺失、重复。在 --wait 秒内反复查看直到稳定；缺失、重复或待发不为 0 时退出码为 1。
            For each source, topic and consumer: produced, applied, parked, skipped, missing, repeated. It looks again until the \
            figures are settled or --wait seconds are over; exit code 1 unless missing, repeated and pending are 0.
            通过后可用 --close-days 封存各服务发件箱中已结束的日期；封存且超过保留期的日期才会删除。建议每天运行一次。
            With --close-days a clean audit closes the days of every outbox that are over; only closed days older than the \
            retention are dropped. Run it once a day.
            """)

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("最多等待的秒数 Seconds to wait at most.", valueName: "seconds"))
    var wait: Double = 10

    @Flag(help: "核对通过后封存已结束的日期 Close the days that are over when the audit is clean.")
    var closeDays = false

    @OptionGroup var services: ServiceOptions

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        let (audit, closed) = try await services.withClient(as: .cloudOperator) { client in
            let messaging = MessagingClient(client: client)
            let audit = try await Self.settled(within: .seconds(max(0, wait))) { try await messaging.audit() }
            return (audit, closeDays && audit.isClean ? try await Self.close(messaging) : nil)
        }
        if json {
            try console.json(AuditReport(audit, closedThrough: closed))
        } else {
            for line in Self.table(audit) { console.line(line) }
            let verdict =
                audit.isClean
                ? console.colour("通过：缺失 0，重复 0 clean: missing 0, repeated 0", "32")
                : console.colour("未通过 not clean", "31")
            console.line(verdict)
            if let closed { console.line("已封存至 closed through: \(closed)") }
        }
        return audit.isClean ? .success : .checkFailed
    }

    /// Closes the days that are over, at every service.
    private static func close(_ messaging: MessagingClient) async throws -> CalendarDay? {
        var earliest: CalendarDay?
        for service in ServiceName.allCases {
            let day = try await messaging.closeDays(of: service).through
            earliest = min(earliest ?? day, day)
        }
        return earliest
    }

    /// Audits until nothing is missing or the time is over.
    ///
    /// What is repeated never heals, so that ends it at once.
    package static func settled(within limit: Duration, _ look: () async throws -> Audit) async throws -> Audit {
        let deadline = ContinuousClock.now + limit
        var pause = Duration.milliseconds(20)
        while true {
            let audit = try await look()
            if audit.isClean || audit.lines.contains(where: { $0.repeated > 0 }) || .now >= deadline { return audit }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(250))
        }
    }

    /// The table that people read.
    package static func table(_ audit: Audit) -> [String] {
        var table = TextTable([
            ("来源 source", .left), ("主题 topic", .left), ("读者 consumer", .left), ("产生 produced", .right),
            ("已用 applied", .right), ("搁置 parked", .right), ("跳过 skipped", .right), ("缺失 missing", .right),
            ("重复 repeated", .right),
        ])
        for line in audit.lines {
            let counts = [line.produced, line.applied, line.parked, line.skipped, line.missing, line.repeated]
            table.add([line.source, line.topic, line.consumer] + counts.map { String($0) })
        }
        return table.lines + [
            "待发 pending: \(audit.pending)   无法解析 unreadable: \(audit.unreadable)"
        ]
    }
}

/// The audit as `--json` prints it: the lines, their sums, and the verdict.
package struct AuditReport: Encodable, Sendable {
    let clean: Bool
    let produced, applied, parked, skipped, missing, repeated, pending, unreadable: Int64
    let lines: [AuditLine]
    /// The last day that was closed at every service, when that was asked for.
    let closedThrough: CalendarDay?

    /// Sums up an audit.
    package init(_ audit: Audit, closedThrough: CalendarDay? = nil) {
        self.closedThrough = closedThrough
        func sum(_ figure: (AuditLine) -> Int64) -> Int64 { audit.lines.reduce(0) { $0 + figure($1) } }
        clean = audit.isClean
        produced = sum(\.produced)
        applied = sum(\.applied)
        parked = sum(\.parked)
        skipped = sum(\.skipped)
        missing = sum(\.missing)
        repeated = sum(\.repeated)
        pending = audit.pending
        unreadable = audit.unreadable
        lines = audit.lines
    }
}
