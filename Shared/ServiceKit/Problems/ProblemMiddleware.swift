import Hummingbird
import Logging

/// Turns every error of a route into a problem document, and logs those that are mistakes of ours, once.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = SuiteRequestContext

    func handle(
        _ request: Request, context: SuiteRequestContext,
        next: (Request, SuiteRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = ProblemMapping.problem(for: error, isPastDeadline: Task.isCancelled)
            if problem.status == 500 {
                // `description` of our errors holds no values; a foreign error is named by its type alone.
                context.logger.error(
                    "request failed", metadata: ["error": .string(ErrorNaming.safe(error))])
            }
            return try ProblemDocument.response(
                problem, in: context.language, traceID: context.traceparent.traceID)
        }
    }
}
