import Hummingbird
import Messaging
import Models

/// What an operator asks of a service's messaging: the audit's figures, parked events, sending again.
struct MessagingRoutes: Sendable {
    let administration: MessagingAdministration

    /// The answer with parked events.
    struct ParkedList: ResponseEncodable {
        let items: [ParkedEvent]
        /// The id after which the next page begins; nil on the last one.
        let next: Int64?
    }

    private struct SkipBody: Decodable {
        let reason: String
    }

    private struct ReplayBody: Decodable {
        let topic: String
        let lane: Int
        let from: Int64
        let through: Int64
    }

    func add(to router: SuiteRouter) {
        let administration = administration
        router.get("/v1/messaging/audit") { _, _ in
            JSONAnswer(try await administration.auditFigures())
        }
        router.get("/v1/messaging/parked") { request, _ -> ParkedList in
            let limit = try request.query("limit") { Int($0).flatMap { (1...1000).contains($0) ? $0 : nil } } ?? 100
            let after = try request.query("after") { Int64($0) }
            let items = try await administration.parked(
                consumer: request.query("consumer"), limit: limit, after: after)
            return ParkedList(items: items, next: items.count == limit ? items.last?.id : nil)
        }
        router.post("/v1/messaging/parked/:id/retry") { _, context in
            JSONAnswer(try await Self.refusable { try await administration.retryParked(id: try Self.id(context)) })
        }
        router.post("/v1/messaging/parked/:id/skip") { request, context in
            let body = try await request.json(SkipBody.self, context)
            return JSONAnswer(
                try await Self.refusable {
                    try await administration.skipParked(id: try Self.id(context), reason: body.reason)
                })
        }
        router.post("/v1/messaging/replay") { request, context in
            let body = try await request.json(ReplayBody.self, context)
            try Self.check(body)
            try await administration.replay(
                topic: body.topic, lane: body.lane, from: body.from, through: body.through)
            return Response(status: .accepted)
        }
    }

    private static func id(_ context: SuiteRequestContext) throws -> Int64 {
        guard let id = Int64(try context.pathText("id")) else { throw Problem.notFound() }
        return id
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
    }

    private static func refusable<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let refusal as ParkingRefusal {
            throw problem(for: refusal)
        }
    }

    private static func problem(for refusal: ParkingRefusal) -> Problem {
        switch refusal {
        case .unknown(let id): .notFound("没有编号为 \(id) 的搁置事件", "no event is parked under \(id)")
        case .notFirst(_, let first):
            .conflict(code: "not-first", "须先处理同一对象的 \(first)", "\(first) of the same key must be settled first")
        case .unreadable:
            .conflict(
                code: "unreadable", "该记录无法解析，只能跳过", "the record cannot be read as an event; it can only be skipped")
        case .reasonMissing:
            .invalid(field: "/reason", code: "required", "跳过须写明原因", "a reason is needed to skip")
        }
    }
}
