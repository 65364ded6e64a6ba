import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes by which people say what they take for their organisation, follow, or stand above.
struct SubscriptionRoutes {
    let keep: KeepSubscriptions

    private static let access = RouteAccess.allowed(
        to: [
            .countyAdmin, .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .unitLiaison,
            .unitPartyOrganisation,
        ], scope: .divisionOrUnit)

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/subscriptions", Self.access) { _, context -> SubscriptionsBody in
            SubscriptionsBody(try await keep.list(of: context.person()))
        }
        routes.put("/v1/subscriptions", Self.access) { request, context -> SubscriptionsBody in
            let wanted = try await request.json(SubscriptionsBody.self, context).checked()
            let person = try context.person()
            try await keep.replace(wanted, of: person, reach: context.scope)
            return SubscriptionsBody(try await keep.list(of: person))
        }
    }
}

/// What somebody asked to hear of, as JSON.
struct SubscriptionsBody: Codable, ResponseEncodable, Sendable {
    struct Item: Codable, Sendable {
        let kind: String
        let code: String
        let event: String?
    }

    let items: [Item]

    init(_ subscriptions: [Subscription]) {
        items = subscriptions.map { Item(kind: $0.kind.rawValue, code: $0.code, event: $0.event?.rawValue) }
    }

    func checked() throws -> [Subscription] {
        try items.prefix(KeepSubscriptions.countMax + 1).enumerated().map { index, item in
            guard let kind = Subscription.Kind(rawValue: item.kind) else {
                let words = Subscription.Kind.allCases.map(\.rawValue)
                throw MessageFaults([.unknownWord("items[\(index)].kind", chinese: words, english: words)])
            }
            guard (1...64).contains(item.code.utf8.count),
                item.code.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
            else { throw MessageFaults([.character("items[\(index)].code")]) }
            let event = try item.event.map { name in
                guard let event = NewsEvent(rawValue: name) else {
                    throw MessageFaults([.event("items[\(index)].event")])
                }
                return event
            }
            return Subscription(kind: kind, code: item.code, event: event)
        }
    }
}

extension SuiteRequestContext {
    /// The account of who asks.
    ///
    /// - Throws: a 404 problem for an account that can have no inbox.
    fileprivate func person() throws -> PersonID {
        guard let caller, let person = PersonID(caller.subject) else {
            throw Problem.notFound("您没有收件箱", "you have no inbox")
        }
        return person
    }
}
