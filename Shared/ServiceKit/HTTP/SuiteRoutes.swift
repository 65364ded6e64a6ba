import HTTPTypes
import Hummingbird

/// The routes of a service: the only way to add one, so that none is there without a declaration of who may use it.
///
/// Used while a service is built, by one task. A route's handler finds the caller and his scope in the context; a store
/// finds the scope in the transaction as well (row-level security), and the audit trail finds the actor in the task.
package final class SuiteRoutes {
    private let router: Router<SuiteRequestContext>
    private var gate: AccessGate
    private var refusing: RefusalForm?
    /// What was declared, in order: tests and the interface's description go through it.
    package private(set) var declarations: [RouteDeclaration] = []

    init(router: Router<SuiteRequestContext>, gate: AccessGate) {
        self.router = router
        self.gate = gate
    }

    /// How errors of a route are answered where a standard of others says so.
    package typealias RefusalForm = @Sendable (Problem, Request, SuiteRequestContext) throws -> Response

    /// Lets API keys open the routes that are declared for them from here on.
    package func take(_ apiKeys: any APIKeyVerifying) { gate.apiKeys = apiKeys }

    /// Adds routes whose errors are answered in another form than problem documents, those of the door as well.
    package func answeringErrors(as form: @escaping RefusalForm, _ add: (SuiteRoutes) -> Void) {
        refusing = form
        defer { refusing = nil }
        add(self)
    }

    /// Adds a route that reads.
    package func get<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess,
        use handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        add(.get, path, access, [], handler)
    }

    /// Adds a route that reads a list, page by page: it takes `limit` and `cursor` and answers with a `Link` to the next
    /// page.
    ///
    /// - Parameter keys: how many keys the cursor has.
    package func list<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess, keys: Int = 1,
        use handler: @escaping @Sendable (Request, SuiteRequestContext, PageRequest) async throws -> Output
    ) {
        add(.get, path, access, [], pageKeys: keys) { request, context in
            try await handler(request, context, try PageRequest(request, keys: keys))
        }
    }

    /// Adds a route that does or creates something.
    package func post<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess, demanding demands: RouteDemand...,
        use handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        add(.post, path, access, demands, handler)
    }

    /// Adds a route that puts something in the place of what was there.
    package func put<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess, demanding demands: RouteDemand...,
        use handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        add(.put, path, access, demands, handler)
    }

    /// Adds a route that changes a part of something.
    package func patch<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess, demanding demands: RouteDemand...,
        use handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        add(.patch, path, access, demands, handler)
    }

    /// Adds a route that takes something away.
    package func delete<Output: ResponseGenerator>(
        _ path: String, _ access: RouteAccess, demanding demands: RouteDemand...,
        use handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        add(.delete, path, access, demands, handler)
    }

    private static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    /// Answers 405 with `Allow` to the methods that an address does not have.
    ///
    /// Called once, when all routes are there.
    func refuseOtherMethods() {
        for (path, declared) in Dictionary(grouping: declarations, by: \.path) {
            var own = Set(declared.map(\.method))
            if own.contains(.get) { own.insert(.head) }
            let allow = own.map(\.rawValue).sorted().joined(separator: ", ")
            for method in Self.methods where !own.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw Problem.methodNotAllowed(having: allow)
                }
            }
        }
    }

    private func add<Output: ResponseGenerator>(
        _ method: HTTPRequest.Method, _ path: String, _ access: RouteAccess, _ demands: [RouteDemand],
        pageKeys: Int? = nil,
        _ handler: @escaping @Sendable (Request, SuiteRequestContext) async throws -> Output
    ) {
        let declaration = RouteDeclaration(
            method: method, path: path, access: access, demands: demands, pageKeys: pageKeys)
        declarations.append(declaration)
        let gate = gate
        let work: @Sendable (Request, SuiteRequestContext) async throws -> Response = { request, context in
            var request = request
            let pass = try await gate.admit(&request, declaration)
            var admitted = context
            admitted.caller = pass.caller
            admitted.scope = pass.filter
            let granted = admitted
            let asked = request
            return try await gate.run(pass) {
                try await handler(asked, granted).response(from: asked, context: granted)
            }
        }
        guard let refusing else { return _ = router.on(RouterPath(path), method: method, use: work) }
        router.on(RouterPath(path), method: method) { request, context -> Response in
            do {
                return try await work(request, context)
            } catch {
                let problem = ProblemMapping.problem(for: error, isPastDeadline: Task.isCancelled)
                // What is a mistake of ours is logged and answered as everywhere.
                guard problem.status < 500 else { throw error }
                return try refusing(problem, request, context)
            }
        }
    }
}
