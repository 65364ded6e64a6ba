import HTTPTypes
import Hummingbird
import Models

/// The door of every route: checks the token, the role and the scope, and names the actor.
package struct AccessGate: Sendable {
    private let verifier: any TokenVerifying
    /// Checks API keys; without it no key opens anything.
    var apiKeys: (any APIKeyVerifying)?

    /// Makes a gate that checks tokens by a verifier.
    package init(verifier: any TokenVerifying) { self.verifier = verifier }

    /// What a request may do.
    struct Pass: Sendable {
        let caller: Caller?
        let filter: ScopeFilter
        let actor: Actor
    }

    /// Lets a request in or throws the problem that it is answered with.
    ///
    /// - Parameter request: whose body is read where an API key may stand in it; it can still be read after.
    /// - Throws: `TokenFault` (401, 503), a 403 problem, or the problem of a header that the route demands.
    func admit(_ request: inout Request, _ route: RouteDeclaration) async throws -> Pass {
        let pass: Pass
        switch route.access {
        case .open:
            pass = Self.anonymous(route)
        case .apiKey(let isRequired):
            if let key = try await APIKey.find(in: &request) {
                guard let apiKeys else { throw Problem.apiKeyRefused }
                pass = Self.pass(try await apiKeys.client(of: key), route)
            } else {
                guard !isRequired else { throw Problem.apiKeyRefused }
                pass = Self.anonymous(route)
            }
        case .roles(let roles, let rule):
            let caller = try await verifier.caller(of: try Self.token(request))
            let grants = caller.grants.filter { roles.contains($0.role) && rule.counts($0.scope) }
            guard !grants.isEmpty else { throw Problem.forbidden }
            pass = Pass(
                caller: caller,
                filter: rule.filter(grants, subject: caller.subject),
                actor: Actor(
                    kind: .person, subject: caller.subject, roles: Set(grants.map(\.role.rawValue)).sorted(),
                    operation: route.name))
        }
        for demand in route.demands { try demand.check(request) }
        return pass
    }

    /// Runs a route's work as the caller whom the gate let in: for the audit trail and for the database.
    func run<Output: Sendable>(
        _ pass: Pass, _ work: @Sendable () async throws -> Output
    ) async throws -> Output {
        try await Actor.$current.withValue(pass.actor) {
            pass.caller == nil ? try await work() : try await RowScope.with(pass.filter, work)
        }
    }

    private static func anonymous(_ route: RouteDeclaration) -> Pass {
        Pass(
            caller: nil, filter: .nothing,
            actor: Actor(kind: .anonymous, subject: "anonymous", operation: route.name))
    }

    private static func pass(_ client: APIClient, _ route: RouteDeclaration) -> Pass {
        Pass(
            caller: Caller(subject: client.id, grants: []), filter: ScopeFilter([.division(client.jurisdiction)]),
            actor: Actor(kind: .apiKey, subject: client.id, operation: route.name))
    }

    private static func token(_ request: Request) throws -> String {
        guard let header = request.headers[.authorization] else { throw TokenFault.missing }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw TokenFault.missing }
        return String(parts[1].trimmingBlanks())
    }
}

extension Problem {
    /// 403: the caller is known, but none of his roles opens this route.
    package static let forbidden: Problem = {
        var problem = Problem(
            .forbidden, detail: BilingualText("您的角色不能执行此操作", "none of your roles allows this"))
        problem.challenge = "Bearer realm=\"tiaokuai\", error=\"insufficient_scope\""
        return problem
    }()

    /// 403: an API key is missing, unknown or revoked; which of them is not said.
    package static let apiKeyRefused = Problem(
        .forbidden,
        detail: BilingualText("缺少 api_key，或该密钥无效", "the api_key is missing, or it does not hold"),
        next: BilingualText("请向区县管理员申请密钥", "Ask the county's administrator for a key"))

    /// 400: the route creates, so it demands a key under which it takes effect once.
    package static let idempotencyKeyRequired = Problem(
        .idempotencyKeyRequired,
        faults: [Fault(field: "Idempotency-Key", code: "required", BilingualText("必填", "it is required"))])
}
