import HTTPTypes
import Hummingbird
import Models

/// Who may use a route.
package enum RouteAccess: Sendable, Hashable {
    /// Everybody, without a token.
    case open
    /// Callers with one of these roles whose scope counts.
    case roles(Set<Role>, scope: ScopeRule)
    /// Programs of others with an API key of the service, for a standard that knows no tokens; where no key is required
    /// the route shows what is public, and a key that does not hold is refused all the same.
    case apiKey(isRequired: Bool)

    /// Callers with one of these roles.
    package static func allowed(to roles: Set<Role>, scope: ScopeRule) -> RouteAccess { .roles(roles, scope: scope) }
}

/// Which scopes count for a route.
package enum ScopeRule: Sendable, Hashable {
    /// Divisions and grids: the route shows and changes what lies in them.
    case division
    /// Divisions, and units.
    case divisionOrUnit
    /// Divisions, and what is the caller's own.
    case divisionOrOwn
    /// Divisions, units, and what is the caller's own.
    case divisionUnitOrOwn
    /// What is the caller's own, whatever the scope of his role: an inbox, for example.
    case own
    /// Any: the route is about the service itself, not about rows of a division.
    case service

    /// Whether a scope counts.
    package func counts(_ scope: Scope) -> Bool {
        switch (self, scope) {
        case (.service, _), (.own, _): true
        case (.division, .suite), (.division, .division): true
        case (.divisionOrUnit, .suite), (.divisionOrUnit, .division), (.divisionOrUnit, .unit): true
        case (.divisionOrOwn, .suite), (.divisionOrOwn, .division), (.divisionOrOwn, .own): true
        case (.divisionUnitOrOwn, _): true
        default: false
        }
    }

    /// What a caller may see and change by the grants that count.
    func filter(_ grants: [Grant], subject: String) -> ScopeFilter {
        switch self {
        case .service: .everything
        case .own: ScopeFilter([.own], subject: subject)
        case .division, .divisionOrUnit, .divisionOrOwn, .divisionUnitOrOwn:
            ScopeFilter(grants.map(\.scope), subject: subject)
        }
    }
}

/// A header that a route demands.
package enum RouteDemand: Sendable, Hashable {
    /// `Idempotency-Key`: the route creates, and takes effect once a key.
    case idempotencyKey
    /// `If-Match`: the route changes what the caller must have read.
    case ifMatch

    /// - Throws: the problem of a missing header.
    func check(_ request: Request) throws {
        switch self {
        case .idempotencyKey where request.headers[.idempotencyKey] == nil: throw Problem.idempotencyKeyRequired
        case .ifMatch where request.headers[.ifMatch] == nil: throw Problem.preconditionRequired
        default: break
        }
    }
}

/// All that is said of a route beside what it does.
package struct RouteDeclaration: Sendable, Hashable {
    /// The method.
    package let method: HTTPRequest.Method
    /// The whole path, `/v1/incidents/:id`.
    package let path: String
    /// Who may use it.
    package let access: RouteAccess
    /// The headers that it demands, in the order in which they are looked for.
    package let demands: [RouteDemand]
    /// How many keys the cursor of a list has; nil for a route that is no list.
    package let pageKeys: Int?

    /// The operation's name for the audit trail, `POST /v1/incidents`.
    package var name: String { "\(method.rawValue) \(path)" }

    /// Whether a caller with one grant is let in.
    package func admits(_ grant: Grant) -> Bool {
        switch access {
        case .open: true
        case .apiKey(let isRequired): !isRequired
        case .roles(let roles, let rule):
            roles.contains(grant.role) && grant.role.mayHave(grant.scope) && rule.counts(grant.scope)
        }
    }
}
