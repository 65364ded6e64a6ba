import Hummingbird

/// Answers 503 at once while the database is away or its tables are not ready, instead of letting every request wait
/// for a connection.
///
/// The operations routes stand before the gate.
struct ReadinessGate: RouterMiddleware {
    typealias Context = SuiteRequestContext
    let board: HealthBoard

    func handle(
        _ request: Request, context: SuiteRequestContext,
        next: (Request, SuiteRequestContext) async throws -> Response
    ) async throws -> Response {
        guard board.canServe else { throw Problem.unavailable() }
        return try await next(request, context)
    }
}
