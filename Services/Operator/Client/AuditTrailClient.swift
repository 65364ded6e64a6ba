import Foundation
import Models

/// Something in a service's audit trail that is not as it was written.
package struct AuditTrailFinding: Codable, Sendable, Equatable {
    /// What kind of thing, a word that is stable.
    package let kind: String
    /// The seal in whose batch it is.
    package let seal: Int64
    /// The entry's position, where one entry is meant.
    package let position: Int64?

    /// Makes a finding.
    package init(kind: String, seal: Int64, position: Int64? = nil) {
        self.kind = kind
        self.seal = seal
        self.position = position
    }
}

/// The newest seal of a service, as it is kept elsewhere.
package struct AuditTrailHead: Codable, Sendable, Equatable {
    /// The seal's number.
    package let number: Int64
    /// Its hash in hexadecimal digits.
    package let hash: String
    /// The last position that it seals.
    package let lastPosition: Int64
    /// When it was made.
    package let sealedAt: Date

    /// Puts a head together.
    package init(number: Int64, hash: String, lastPosition: Int64, sealedAt: Date) {
        self.number = number
        self.hash = hash
        self.lastPosition = lastPosition
        self.sealedAt = sealedAt
    }
}

/// The entries that no seal covers yet.
package struct AuditTrailTail: Codable, Sendable, Equatable {
    /// How many.
    package let entries: Int
    /// How old the oldest is, in seconds.
    package let ageSeconds: Double
}

/// What a service's part of a verification came to.
package struct AuditTrailPartAnswer: Decodable, Sendable {
    let through: Int64
    let seals: Int
    let entries: Int
    let findings: [AuditTrailFinding]
    let findingsLeftOut: Int
    let next: Int64?
    let head: AuditTrailHead?
    let unsealed: AuditTrailTail
}

/// An entry of the audit trail, as a search shows it.
package struct AuditTrailEntry: Codable, Sendable {
    let position: Int64
    let at: Date
    let actorKind: String
    let actor: String
    let roles: [String]
    let operation: String
    let purpose: String?
    let action: String
    let objectType: String
    let object: String?
    let divisionCode: String?
    let traceID: String?
    let details: String
}

/// Months that a service has cut off.
package struct AuditTrailCut: Codable, Sendable {
    let before: String
    let seal: Int64
    let entries: Int64
    let seals: Int64
}

/// What is looked for; all of it must fit.
package struct AuditTrailQuery: Sendable {
    var actor: String?
    var object: String?
    var from: String?
    var to: String?
}

/// Asks the services about their audit trails.
package struct AuditTrailClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    private struct EntryPage: Decodable {
        let items: [AuditTrailEntry]
        let next: String?
    }

    /// Verifies a service's trail from the beginning, part by part.
    ///
    /// - Parameter onPart: told each part's entries, and how many seals of how many are done.
    package func verify(
        _ service: ServiceName, onPart: (_ seals: Int, _ of: Int64) -> Void = { _, _ in }
    ) async throws -> AuditTrailReport.Trail {
        var trail = AuditTrailReport.Trail(service: service)
        var after: Int64? = 0
        while let number = after {
            let part = try await client.send(
                .get(service, "/v1/audit-trail/verification?after=\(number)"), as: AuditTrailPartAnswer.self)
            trail.add(part)
            onPart(part.seals, part.head?.number ?? 0)
            after = part.next
        }
        return trail
    }

    /// A seal as the service has it now; nil when it has none of this number.
    package func head(_ number: Int64, of service: ServiceName) async throws -> AuditTrailHead? {
        do {
            return try await client.send(
                .get(service, "/v1/audit-trail/seals/\(number)"), as: AuditTrailHead.self)
        } catch ServiceFailure.problem(_, let problem) where problem.status == 404 {
            return nil
        }
    }

    private struct CutOrder: Encodable {
        let before: String
    }

    private struct CutAnswer: Decodable {
        let cut: AuditTrailCut?
    }

    /// Cuts off the months before one; what was cut off, or had been.
    package func cut(_ service: ServiceName, before month: String) async throws -> AuditTrailCut? {
        try await client.send(
            .post(
                service, "/v1/audit-trail/cut", body: try ServiceJSON.encode(CutOrder(before: month)),
                isRepeatable: true), as: CutAnswer.self
        ).cut
    }

    /// Takes up a service's trail that was restored into another cluster.
    package func rebase(_ service: ServiceName) async throws {
        let answer = try await client.send(.post(service, "/v1/audit-trail/rebase"))
        guard answer.isSuccess else {
            throw ServiceFailure.problem(service, ProblemAnswer(status: answer.status, body: answer.body))
        }
    }

    /// The newest entries of a service that fit.
    package func search(_ service: ServiceName, for query: AuditTrailQuery, limit: Int) async throws
        -> [AuditTrailEntry]
    {
        var entries: [AuditTrailEntry] = []
        var cursor: String?
        repeat {
            var items = [URLQueryItem(name: "limit", value: String(min(500, limit - entries.count)))]
            let given = [
                ("actor", query.actor), ("object", query.object), ("from", query.from), ("to", query.to),
                ("cursor", cursor),
            ]
            for (name, value) in given { if let value { items.append(URLQueryItem(name: name, value: value)) } }
            let page = try await client.send(
                .get(service, "/v1/audit-trail?" + Self.encoded(items)), as: EntryPage.self)
            entries += page.items
            cursor = page.next
        } while cursor != nil && entries.count < limit
        return entries
    }

    /// The query of a URL; a plus sign too is escaped, since a service may read it as a blank.
    private static func encoded(_ items: [URLQueryItem]) -> String {
        var components = URLComponents()
        components.queryItems = items
        return (components.percentEncodedQuery ?? "").replacing("+", with: "%2B")
    }
}
