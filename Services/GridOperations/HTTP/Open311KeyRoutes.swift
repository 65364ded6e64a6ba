import Foundation
import Hummingbird
import Models
import ServiceKit

/// The routes of API keys, and of what came over Open311 for those who handle it.
struct Open311KeyRoutes {
    let keep: KeepOpen311Keys
    let answer: AnswerOpen311

    func add(to routes: SuiteRoutes) {
        let access = RouteAccess.allowed(to: [.countyAdmin], scope: .division)
        routes.post("/v1/open311-keys", access, demanding: .idempotencyKey) { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(Open311KeyDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let made = try await keep.create(draft, once: key, scope: context.scope)
            var response = try Open311KeyBody(made.key, secret: made.secret).response(from: request, context: context)
            response.status = .created
            response.headers[.cacheControl] = "no-store"
            return response
        }
        routes.list("/v1/open311-keys", access) { _, context, page in
            let keys = try await keep.list(before: page.identifierAfter(), scope: context.scope, limit: page.fetchLimit)
            return try Page(fetched: keys.map { Open311KeyBody($0) }, for: page, keys: { [$0.id.description] })
        }
        routes.post("/v1/open311-keys/:id/revoke", access) { _, context in
            guard let key = try await keep.revoke(context.identifier("id"), scope: context.scope) else {
                throw Problem.notFound("没有这个密钥", "there is no such key")
            }
            return Open311KeyBody(key)
        }
        routes.get("/v1/incidents/:id/open311", .allowed(to: .open311Reading, scope: .division)) { _, context in
            guard let found = try await answer.particulars(of: context.identifier("id"), scope: context.scope) else {
                throw Problem.notFound("该事件不是通过 Open311 上报的", "the incident did not come over Open311")
            }
            return Open311ParticularsBody(found.origin, number: found.number, updates: found.updates)
        }
    }
}

/// An API key in an answer.
struct Open311KeyBody: ResponseEncodable, Sendable {
    let id: Open311KeyID
    let name: String
    let divisionCode: DivisionCode
    let requestsPerMinute: Int
    let createdAt: Date
    let revokedAt: Date?
    /// The key itself, in the answer that makes it and never again.
    let apiKey: String?

    init(_ key: Open311Key, secret: String? = nil) {
        id = key.id
        name = key.name
        divisionCode = key.division
        requestsPerMinute = key.requestsPerMinute
        createdAt = key.createdAt
        revokedAt = key.revokedAt
        apiKey = secret
    }
}

/// What came with a report over Open311, and what was said to it.
struct Open311ParticularsBody: ResponseEncodable, Sendable {
    let serviceRequestID: String
    let keyID: Open311KeyID
    let address: String?
    let addressID: String?
    let mediaURL: String?
    let updates: [Update]

    struct Update: Encodable, Sendable {
        let id: Int64
        let at: Date
        let state: IncidentState
        let keyID: Open311KeyID?
        let description: String?
        let mediaURL: String?
    }

    init(_ origin: Open311Origin, number: String, updates: [Open311Update]) {
        serviceRequestID = number
        keyID = origin.key
        address = origin.address
        addressID = origin.addressID
        mediaURL = origin.mediaURL
        self.updates = updates.map { update in
            Update(
                id: update.id, at: update.at, state: update.state, keyID: update.key, description: update.description,
                mediaURL: update.mediaURL)
        }
    }
}
