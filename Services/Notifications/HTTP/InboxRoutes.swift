import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of inboxes.
struct InboxRoutes {
    let readInbox: ReadInbox
    let sortInbox: SortInbox
    let followInbox: FollowInbox

    /// An inbox is its owner's alone, in whatever role; the administrators of systems have none.
    static let own = RouteAccess.allowed(
        to: Set(Role.allCases).subtracting([.cloudOperator, .systemAdmin, .securityAdmin, .auditAdmin]), scope: .own)

    func add(to routes: SuiteRoutes) {
        routes.list("/v1/inbox/:personID", Self.own) { request, context, page in
            let box = try request.query("box") { InboxBox(rawValue: $0) } ?? .inbox
            return try await list(page, box, of: context.identifier("personID"), scope: context.scope)
        }
        routes.get("/v1/inbox/:personID/counts", Self.own) { _, context in
            InboxCountsBody(try await readInbox.counts(context.identifier("personID"), scope: context.scope))
        }
        routes.get("/v1/inbox/:personID/printout", Self.own) { request, context in
            try await printout(request, of: context.identifier("personID"), scope: context.scope)
        }
        routes.get("/v1/inbox/:personID/stream", Self.own) { request, context in
            try stream(request, context, of: context.identifier("personID"))
        }
        routes.post("/v1/inbox/:personID/:id/read", Self.own) { _, context in try await sort(.read, context) }
        routes.post("/v1/inbox/:personID/:id/archive", Self.own) { _, context in try await sort(.archive, context) }
        routes.post("/v1/inbox/:personID/:id/unarchive", Self.own) { _, context in
            try await sort(.unarchive, context)
        }
        routes.post("/v1/inbox/:personID/:id/snooze", Self.own) { request, context in
            let order = try await request.json(SnoozeOrder.self, context)
            return try await sort(.snooze(order.until), context)
        }
    }

    private func sort(_ act: InboxAct, _ context: SuiteRequestContext) async throws -> Response {
        guard let sequence = Int64(try context.pathText("id")),
            try await sortInbox(sequence, of: context.identifier("personID"), act, scope: context.scope)
        else { throw Problem.notFound("收件箱里没有这条消息", "there is no such message in the inbox") }
        return Response(status: .noContent)
    }

    private func list(
        _ page: PageRequest, _ box: InboxBox, of person: PersonID, scope: ScopeFilter
    ) async throws -> InboxBody {
        let (deliveries, unread) = try await readInbox(
            person, in: box, scope: scope, before: page.numberAfter(), limit: page.fetchLimit)
        let items = try Page(fetched: deliveries.map(DeliveryBody.init), for: page, keys: { [String($0.id)] })
        return InboxBody(items: items.items, next: items.next, unread: unread)
    }

    /// The newest messages as a sheet to be printed or saved, or as a page of plain HTML for A4.
    private func printout(_ request: Request, of person: PersonID, scope: ScopeFilter) async throws -> Response {
        let form = try request.query("format") { InboxPrintout.Form(rawValue: $0) } ?? .html
        let (deliveries, _) = try await readInbox(
            person, in: .inbox, scope: scope, before: nil, limit: PageRequest.limitMax)
        return try InboxPrintout(deliveries).answer(request, as: form)
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

/// Until when a message sleeps; null wakes it.
private struct SnoozeOrder: Decodable {
    let until: Date?
}
