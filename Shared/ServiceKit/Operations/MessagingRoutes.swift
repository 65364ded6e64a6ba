import Hummingbird
import Messaging
import Models

/// What an operator asks of a service's messaging: the audit's figures, parked events, sending again, closing days of the
/// outbox, taking up a restored database.
struct MessagingRoutes: Sendable {
    let administration: MessagingAdministration

    private struct SkipBody: Decodable {
        let reason: String
    }

    private struct CloseBody: Decodable {
        let through: CalendarDay?
    }

    /// The answer to a closing.
    struct ClosedDays: ResponseEncodable {
        /// The last closed day, in UTC.
        let through: CalendarDay
    }

    private struct RebaseBody: Decodable {
        struct Seen: Decodable {
            let topic: String
            let lane: Int
            let number: Int64
        }
        let seen: [Seen]
    }

    private struct ReplayBody: Decodable {
        let topic: String
        let lane: Int
        let from: Int64
        let through: Int64
    }

    /// Messaging is the operator's; it shows ids and codes of the envelope, never a payload.
    private static let access = RouteAccess.allowed(to: [.cloudOperator], scope: .service)

    func add(to routes: SuiteRoutes) {
        let administration = administration
        routes.get("/v1/messaging/audit", Self.access) { _, _ in
            JSONAnswer(try await administration.auditFigures())
        }
        routes.list("/v1/messaging/parked", Self.access) { request, _, page in
            let items = try await administration.parked(
                consumer: request.query("consumer"), limit: page.fetchLimit, after: page.numberAfter())
            return try Page(fetched: items, for: page) { [String($0.id)] }
        }
        routes.post("/v1/messaging/parked/:id/retry", Self.access) { _, context in
            JSONAnswer(try await Self.refusable { try await administration.retryParked(id: try Self.id(context)) })
        }
        routes.post("/v1/messaging/parked/:id/skip", Self.access) { request, context in
            let body = try await request.json(SkipBody.self, context)
            let reason = try Self.reason(body.reason)
            return JSONAnswer(
                try await Self.refusable {
                    try await administration.skipParked(id: try Self.id(context), reason: reason)
                })
        }
        routes.post("/v1/messaging/replay", Self.access) { request, context in
            let body = try await request.json(ReplayBody.self, context)
            try Self.check(body)
            try await administration.replay(
                topic: body.topic, lane: body.lane, from: body.from, through: body.through)
            return Response(status: .accepted)
        }
        routes.post("/v1/messaging/outbox/close", Self.access) { request, context in
            let body = try await request.json(CloseBody.self, context)
            do {
                return JSONAnswer(ClosedDays(through: try await administration.closeDays(through: body.through)))
            } catch let refusal as DayNotOver {
                throw Self.problem(for: refusal)
            }
        }
        routes.post("/v1/messaging/relay/rebase", Self.access) { request, context in
            let body = try await request.json(RebaseBody.self, context)
            let seen = body.seen.map { (TopicLane(topic: $0.topic, lane: $0.lane), $0.number) }
            do {
                try await administration.rebaseRelay(seen: Dictionary(seen, uniquingKeysWith: max))
            } catch let refusal as RebaseRefusal {
                throw Self.problem(for: refusal)
            }
            return Response(status: .noContent)
        }
    }

    private static func id(_ context: SuiteRequestContext) throws -> Int64 {
        guard let id = Int64(try context.pathText("id")) else { throw Problem.notFound() }
        return id
    }

    private static func reason(_ text: String) throws -> String {
        var reader = RowReader()
        let reason = reader.text(text, "reason", max: 500, allowingLines: true)
        guard let reason, reader.isSound else { throw Problem.invalid(reader.faults.map(Problem.Fault.init)) }
        return reason
    }

    private static func check(_ body: ReplayBody) throws {
        guard let topic = Topic.named(body.topic) else {
            throw Problem.invalid(field: "/topic", code: "unknown", "没有这个主题", "there is no such topic")
        }
        guard (0..<topic.lanes).contains(body.lane) else {
            throw Problem.invalid(
                field: "/lane", code: "out-of-range", "应在 0 到 \(topic.lanes - 1) 之间",
                "a lane is between 0 and \(topic.lanes - 1)")
        }
        guard body.from >= 1, body.from <= body.through else {
            throw Problem.invalid(
                field: "/from", code: "out-of-range", "应为 1 ≤ from ≤ through", "it must hold that 1 ≤ from ≤ through")
        }
        let most = MessagingAdministration.replayRecordsMax
        guard body.through - body.from < most else {
            throw Problem.invalid(
                field: "/through", code: "out-of-range", "一次最多重发 \(most) 个，请分段请求",
                "at most \(most) events at a time; ask in parts")
        }
    }

    private static func refusable<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let refusal as ParkingRefusal {
            throw problem(for: refusal)
        }
    }

    private static func problem(for refusal: DayNotOver) -> Problem {
        let last = refusal.lastOver.map { "\($0)" } ?? "-"
        return .invalid(
            field: "/through", code: "not-over", "该日（UTC）尚未结束满一小时，最晚可封 \(last)",
            "the day (UTC) has not been over for an hour; the last that can be closed is \(last)")
    }

    private static func problem(for refusal: RebaseRefusal) -> Problem {
        switch refusal {
        case .sameCluster:
            .conflict(
                .sameCluster, "数据库仍在原集群，无须重新定位", "the database lies where its ticks were cut: nothing to do")
        case .relayActive:
            .conflict(.relayActive, "中继正在运行，无须重新定位", "a relay is active: nothing to do")
        case .readersAhead(let topic, let lane):
            .conflict(
                .readersAhead,
                "读者已读过主题 \(topic) 第 \(lane) 道中本库没有的事件：备份早于已发出的事件，继续会使编号重复。请改用更新的备份",
                "readers have seen events of \(topic), lane \(lane), that this database does not know: the backup is older than what "
                    + "was sent, and numbers would be given twice. Restore a newer backup")
        }
    }

    private static func problem(for refusal: ParkingRefusal) -> Problem {
        switch refusal {
        case .unknown(let id): .notFound("没有编号为 \(id) 的搁置事件", "no event is parked under \(id)")
        case .notFirst(_, let first):
            .conflict(.notFirst, "须先处理同一对象的 \(first)", "\(first) of the same key must be settled first")
        case .unreadable:
            .conflict(
                .unreadable, "该记录无法解析，只能跳过", "the record cannot be read as an event; it can only be skipped")
        case .reasonMissing:
            .invalid(field: "/reason", code: "required", "跳过须写明原因", "a reason is needed to skip")
        case .reasonPersonal:
            .invalid(
                field: "/reason", code: "personal-number", "原因中有证件号或电话号码，请删去",
                "it holds an identity or phone number; leave it out"
            )
        }
    }
}
