import HTTPTypes
import Hummingbird
import Logging
import Messaging

/// What every request goes through before and after the router: trace, admission, deadline, log line, metrics.
struct RequestPipeline<Inner: HTTPResponder>: HTTPResponder where Inner.Context == SuiteRequestContext {
    let inner: Inner
    let limits: RequestLimits
    let admission: RequestAdmission
    let deadlines: RequestDeadlines
    let observer: RequestObserver

    func respond(to request: Request, context: SuiteRequestContext) async throws -> Response {
        let started = ContinuousClock.now
        let context = prepared(context, for: request)
        let response = try await TraceContext.$traceparent.withValue(context.traceparent.description) {
            try await answer(request, context)
        }
        observer.observe(
            method: request.method, route: context.endpointPath, status: response.status.code,
            duration: ContinuousClock.now - started, logger: context.logger)
        return response
    }

    private func prepared(_ context: SuiteRequestContext, for request: Request) -> SuiteRequestContext {
        var context = context
        context.traceparent = .incoming(request.headers[.traceparent])
        context.language = ProblemLanguage(acceptLanguage: request.headers[.acceptLanguage])
        context.bodyBytesMax = limits.bodyBytes
        context.logger[metadataKey: LogKeys.trace] = .string(context.traceparent.traceID)
        return context
    }

    private func answer(_ request: Request, _ context: SuiteRequestContext) async throws -> Response {
        // Whoever asks how the service is must be answered most of all when it is overloaded.
        if OperationsRoutes.isProbe(request.uri.path) { return try await inner.respond(to: request, context: context) }
        guard admission.enter() else {
            return try ProblemDocument.response(
                .overloaded(), in: context.language, traceID: context.traceparent.traceID)
        }
        defer { admission.leave() }
        let inner = inner
        return try await deadlines.run { try await inner.respond(to: request, context: context) }
    }
}

/// The limits of requests.
package struct RequestLimits: Sendable {
    /// Most requests in hand; beyond it 503 at once.
    package var requestsInFlight = 512
    /// Most open connections; beyond it they wait in the listen queue.
    package var connections = 4096
    /// Largest body in bytes.
    package var bodyBytes = 4 << 20
    /// Largest header in bytes, all fields together.
    package var headerBytes = 16 << 10
    /// Longest time to answer.
    package var requestTimeout: Duration = .seconds(30)
    /// Time after which an idle connection or a stalled client is closed.
    package var idleTimeout: Duration = .seconds(60)

    package init() {}
}
