import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of what leaves the suite: the log of outcomes, and sending again by order of a person.
struct SendingRoutes {
    let follow: FollowSendings

    func add(to routes: SuiteRoutes) {
        routes.list(
            "/v1/sendings",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary, .communityDesk], scope: .division)
        ) { request, context, page in
            let filter = SendingFilter(
                state: try request.query("state", SendingState.init(rawValue:)),
                channel: try request.query("channel", ChannelCode.init(rawValue:)))
            let entries = try await follow.list(
                filter, scope: context.scope, before: page.numberAfter(), limit: page.fetchLimit
            ).map(SendingBody.init)
            return try Page(fetched: entries, for: page, keys: { [String($0.id)] })
        }
        routes.post(
            "/v1/sendings/:id/retry", .allowed(to: [.countyAdmin, .townOfficer], scope: .division)
        ) { request, context -> Response in
            let order = try await request.json(RetryOrder.self, context)
            guard let id = Int64(try context.pathText("id")) else { throw Self.absent }
            switch try await follow.retry(id, attempts: order.attempts, cause: order.reason, scope: context.scope) {
            case .queued: return Response(status: .noContent)
            case .absent: throw Self.absent
            case .notNow:
                throw Problem.conflict(
                    .sendingState, "这条消息不在可重发的状态，或已再次尝试；请重新查看",
                    "the message is not in a state in which it is sent again, or was tried meanwhile; look again")
            }
        }
    }

    private static let absent = Problem.notFound("没有这条发送记录", "there is no such message among those sent")
}

/// An order to send again.
private struct RetryOrder: Decodable {
    /// How often it had been tried when the caller looked: so that an old order does nothing.
    let attempts: Int
    let reason: RetryCause
}

/// An outcome as JSON: neither the person nor the words.
struct SendingBody: ResponseEncodable {
    let id: Int64
    let eventID: UUID
    let kind: String
    let channel: String
    let lane: String
    let divisionCode: String
    let template: String
    let state: String
    let reason: String?
    let providerCode: String?
    let receipt: String?
    let attempts: Int
    let orderedAt: Date
    let notBefore: Date
    let settledAt: Date?

    init(_ entry: SendingEntry) {
        id = entry.id
        eventID = entry.eventID
        kind = entry.kind
        channel = entry.channel
        lane = String(describing: entry.lane)
        divisionCode = entry.divisionCode
        template = entry.template
        state = entry.state.rawValue
        reason = entry.reason
        providerCode = entry.providerCode
        receipt = entry.receipt
        attempts = entry.attempts
        orderedAt = entry.orderedAt
        notBefore = entry.notBefore
        settledAt = entry.settledAt
    }
}
