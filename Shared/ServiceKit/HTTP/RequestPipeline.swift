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
        let (response, isRefused) = try await TraceContext.$traceparent.withValue(context.traceparent.description) {
            try await answer(request, context)
        }
        observer.observe(
            method: request.method, route: context.endpointPath, status: response.status.code,
            duration: ContinuousClock.now - started, isQuiet: isRefused, logger: context.logger)
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

    private func answer(
        _ request: Request, _ context: SuiteRequestContext
    ) async throws -> (response: Response, isRefused: Bool) {
        // Whoever asks how the service is must be answered most of all when it is overloaded.
        if OperationsRoutes.isProbe(request.uri.path) {
            return (try await inner.respond(to: request, context: context), false)
        }
        guard await admission.enter() else { return (try refusal(context), true) }
        defer { admission.leave() }
        let inner = inner
        return (try await deadlines.run { try await inner.respond(to: request, context: context) }, false)
    }

    private func refusal(_ context: SuiteRequestContext) throws -> Response {
        if let count = admission.refusalsToReport() {
            context.logger.warning(
                "overloaded, requests were turned away", metadata: ["count": .stringConvertible(count)])
        }
        // Not all after the same second, or they come back as one.
        let problem = Problem.overloaded(retryAfter: .seconds(Int.random(in: 1...3)))
        return try ProblemDocument.response(problem, in: context.language, traceID: context.traceparent.traceID)
    }
}

/// The limits of requests.
package struct RequestLimits: Sendable {
    /// Most requests in hand.
    package var requestsInFlight = 64
    /// Most requests that wait for a moment; beyond it 503 at once.
    package var requestsWaiting = 256
    /// The longest wait of a request in a burst; in an overload it is a few milliseconds.
    package var waitTime: Duration = .milliseconds(500)
    /// Most open connections; beyond it they wait in the listen queue.
    package var connections = 4096
    /// Largest body in bytes.
    package var bodyBytes = 4 << 20
    /// Largest header in bytes, all fields together.
    package var headerBytes = 16 << 10
    /// Longest time to answer.
    package var requestTimeout: Duration = .seconds(30)
    /// Time after which an idle connection is closed.
    package var idleTimeout: Duration = .seconds(60)
    /// The time in which a client must have sent a request whole, and in which it must take the next 32 KB of an answer.
    package var clientTimeout: Duration = .seconds(20)

    package init() {}
}
