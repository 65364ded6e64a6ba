import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// The HTTP side of a service, without anything behind it: limits, what every request goes through, and routes.
package struct SuiteServer: Sendable {
    /// Requests in hand.
    let admission: RequestAdmission
    private let limits: RequestLimits
    private let board: HealthBoard
    private let gate: AccessGate
    private let deadlines: RequestDeadlines
    private let tls: ServerTLS?

    /// Makes a server with limits, a board that says whether the database can be used, the door of its routes, and a
    /// certificate unless it speaks plain HTTP.
    package init(limits: RequestLimits, board: HealthBoard, gate: AccessGate, tls: ServerTLS? = nil) {
        self.gate = gate
        self.tls = tls
        self.limits = limits
        self.board = board
        admission = RequestAdmission(
            AdmissionQueue.Bounds(
                inHand: limits.requestsInFlight, waiting: limits.requestsWaiting, patience: limits.waitTime))
        deadlines = RequestDeadlines(timeout: limits.requestTimeout)
    }

    /// Cancels requests whose time is over, until the task is cancelled.
    package func sweepDeadlines() async { await deadlines.sweep() }

    /// Builds the application.
    ///
    /// - Parameters:
    ///   - host: the address to listen on.
    ///   - port: the port; 0 lets the system choose.
    ///   - logger: for the lines of requests.
    ///   - open: adds routes that answer at all times.
    ///   - gated: adds routes that answer 503 while the database cannot be used.
    ///   - onRunning: told the port when the server listens.
    package func application(
        host: String, port: Int, logger: Logger, open: (SuiteRoutes) -> Void, gated: (SuiteRoutes) -> Void,
        onRunning: @escaping @Sendable (Int?) async -> Void
    ) -> some ApplicationProtocol {
        let router = Router(context: SuiteRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ProblemMiddleware())
        let routes = SuiteRoutes(router: router, gate: gate)
        open(routes)
        // A route gets the middleware that stands before it; so must the answer to an unknown address.
        router.add(middleware: ReadinessGate(board: board))
        gated(routes)
        routes.refuseOtherMethods()
        let pipeline = RequestPipeline(
            inner: router.buildResponder(), limits: limits, admission: admission, deadlines: deadlines,
            observer: RequestObserver())
        return Application(
            responder: pipeline, server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
            onServerRunning: { await onRunning($0.localAddress?.port) }, logger: logger)
    }

    private var server: HTTPServerBuilder {
        let (configuration, tls, clientTimeout) = (channelConfiguration, tls, TimeAmount(limits.clientTimeout))
        return HTTPServerBuilder { responder in
            SuiteChannel(
                http: HTTP1Channel(responder: responder, configuration: configuration), tls: tls,
                clientTimeout: clientTimeout)
        }
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestFaultHandler()], idleTimeout: TimeAmount(limits.idleTimeout))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: 100)
        return configuration
    }
}
