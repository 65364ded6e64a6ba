import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of inboxes.
struct InboxRoutes {
    let readInbox: ReadInbox
    let markRead: MarkRead
    let followInbox: FollowInbox
    let readFindings: ReadFindings

    /// An inbox is its owner's alone, in whatever role; the administrators of systems have none.
    private static let own = RouteAccess.allowed(
        to: Set(Role.allCases).subtracting([.cloudOperator, .systemAdmin, .securityAdmin, .auditAdmin]), scope: .own)

    func add(to routes: SuiteRoutes) {
        routes.list("/v1/inbox/:personID", Self.own) { _, context, page in
            try await list(page, of: context.identifier("personID"), scope: context.scope)
        }
        routes.post("/v1/inbox/:personID/:id/read", Self.own) { _, context -> Response in
            guard let sequence = Int64(try context.pathText("id")),
                try await markRead(sequence, of: context.identifier("personID"), scope: context.scope)
            else { throw Problem.notFound("收件箱里没有这条消息", "there is no such message in the inbox") }
            return Response(status: .noContent)
        }
        routes.get("/v1/inbox/:personID/stream", Self.own) { request, context in
            try stream(request, context, of: context.identifier("personID"))
        }
        routes.list(
            "/v1/findings",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary, .communityDesk], scope: .division)
        ) { _, context, page in
            let areas = try await readFindings(
                scope: context.scope, after: page.codesAfter()?.first, limit: page.fetchLimit
            ).map(FindingBody.init)
            return try Page(fetched: areas, for: page, keys: { [$0.areaCode.digits] })
        }
    }

    private func list(_ page: PageRequest, of person: PersonID, scope: ScopeFilter) async throws -> InboxBody {
        let (deliveries, unread) = try await readInbox(
            person, scope: scope, before: page.numberAfter(), limit: page.fetchLimit)
        let items = try Page(fetched: deliveries.map(DeliveryBody.init), for: page, keys: { [String($0.id)] })
        return InboxBody(items: items.items, next: items.next, unread: unread)
    }

    /// Streams what comes after `Last-Event-ID`, or after `?after=` for a first connection, which browsers cannot give
    /// headers; without both, what comes from now on.
    private func stream(
        _ request: Request, _ context: SuiteRequestContext, of person: PersonID
    ) throws -> Response {
        let first = try request.query("after") { text in Int64(text).flatMap { $0 >= 0 ? $0 : nil } }
        // An id that is not ours says nothing; the stream then begins with the present.
        let last = request.headers[.lastEventID].flatMap { Int64($0) } ?? first
        let scope = context.scope
        return EventStream.response(to: request, context, bufferedEventsMax: 1024) { stream in
            try await followInbox(person, scope: scope, after: last) { delivery in
                // Texts, numbers and times can always be written.
                guard let json = try? SuiteJSON.encode(DeliveryBody(delivery)) else {
                    return false
                }
                return stream.send(
                    ServerSentEvent(
                        id: String(delivery.sequence), event: "delivery", data: String(decoding: json, as: UTF8.self)))
            }
        }
    }
}
