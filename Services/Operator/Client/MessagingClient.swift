import Messaging
import Models

/// Asks the services about their messaging.
package struct MessagingClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    /// A page of parked events.
    package struct ParkedPage: Decodable, Sendable {
        /// The events.
        package let items: [ParkedEvent]
        /// The cursor of the next page.
        package let next: String?
    }

    /// Who is asked first: the services that others read, so that a reader is never behind what it is compared with.
    package static let producersFirst: [ServiceName] = [
        .gridOperations, .talentRegistry, .communityPairing, .notifications, .cloudGateway,
    ]

    /// One service's side of the audit.
    package func figures(of service: ServiceName) async throws -> AuditFigures {
        try await client.send(.get(service, "/v1/messaging/audit"), as: AuditFigures.self)
    }

    /// The audit over all services, producers asked before readers.
    package func audit() async throws -> Audit {
        var figures: [AuditFigures] = []
        for service in Self.producersFirst { figures.append(try await self.figures(of: service)) }
        return Audit(figures)
    }

    /// All parked events of a service, by id.
    package func parked(of service: ServiceName, consumer: String?, limit: Int) async throws -> [ParkedEvent] {
        var events: [ParkedEvent] = []
        var cursor: String?
        while events.count < limit {
            var path = "/v1/messaging/parked?limit=\(min(500, limit - events.count))"
            if let consumer { path += "&consumer=\(consumer)" }
            if let cursor { path += "&cursor=\(cursor)" }
            let page = try await client.send(.get(service, path), as: ParkedPage.self)
            events += page.items
            guard let next = page.next else { break }
            cursor = next
        }
        return events
    }

    /// Tries a parked event again, and those behind it.
    package func retry(_ id: Int64, at service: ServiceName) async throws -> RetryOutcome {
        try await client.send(.post(service, "/v1/messaging/parked/\(id)/retry"), as: RetryOutcome.self)
    }

    /// Passes over a parked event with a reason.
    package func skip(_ id: Int64, reason: String, at service: ServiceName) async throws -> RetryOutcome {
        let body = try ServiceJSON.encode(["reason": reason])
        return try await client.send(
            .post(service, "/v1/messaging/parked/\(id)/skip", body: body), as: RetryOutcome.self)
    }

    private struct ReplayBody: Encodable {
        let topic: String
        let lane: Int
        let from: Int64
        let through: Int64
    }

    private struct CloseBody: Encodable {
        let through: CalendarDay?
    }

    /// The answer to a closing.
    package struct ClosedDays: Codable, Sendable {
        /// The last closed day, in UTC.
        package let through: CalendarDay
    }

    /// Closes the days of a service's outbox that are over, so that they may go when the retention is over.
    package func closeDays(of service: ServiceName) async throws -> ClosedDays {
        try await client.send(
            .post(
                service, "/v1/messaging/outbox/close", body: try ServiceJSON.encode(CloseBody(through: nil)),
                isRepeatable: true), as: ClosedDays.self)
    }

    private struct RebaseBody: Encodable {
        struct Seen: Encodable {
            let topic: String
            let lane: Int
            let number: Int64
        }
        let seen: [Seen]
    }

    /// Takes up a service's database that was restored into another cluster, unless a reader of another service has seen
    /// more than the database knows.
    ///
    /// - Returns: how many lanes readers were asked about.
    package func rebase(_ service: ServiceName) async throws -> Int {
        var seen: [RebaseBody.Seen] = []
        let source = try await figures(of: service).source
        for reader in Self.producersFirst {
            seen += try await figures(of: reader).read.filter { $0.source == source }
                .map { RebaseBody.Seen(topic: $0.topic, lane: $0.lane, number: $0.watermark) }
        }
        let answer = try await client.send(
            .post(service, "/v1/messaging/relay/rebase", body: try ServiceJSON.encode(RebaseBody(seen: seen))))
        guard answer.isSuccess else {
            throw ServiceFailure.problem(service, ProblemAnswer(status: answer.status, body: answer.body))
        }
        return seen.count
    }

    /// Makes a source send a range of a lane again; readers that have seen it skip it.
    package func replay(_ topic: Topic, lane: Int, from: Int64, through: Int64) async throws {
        let body = try ServiceJSON.encode(ReplayBody(topic: topic.name, lane: lane, from: from, through: through))
        let answer = try await client.send(
            .post(topic.service, "/v1/messaging/replay", body: body, isRepeatable: true))
        guard answer.isSuccess else {
            throw ServiceFailure.problem(topic.service, ProblemAnswer(status: answer.status, body: answer.body))
        }
    }
}
