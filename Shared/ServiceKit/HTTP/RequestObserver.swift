import HTTPTypes
import Logging
import Metrics
import Synchronization

/// Writes the log line and the metrics of a request: method, route template, status and duration; never the path itself,
/// which may hold what it should not.
final class RequestObserver: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    func observe(
        method: HTTPRequest.Method, route: String?, status: Int, duration: Duration, isQuiet: Bool = false,
        logger: Logger
    ) {
        let route = Self.route(route)
        timer(Key(method: Self.name(method), route: route, status: status)).recordNanoseconds(
            duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000)
        logger.log(
            level: isQuiet || OperationsRoutes.isProbe(route) ? .debug : .info, "request",
            metadata: [
                "method": .string(Self.name(method)), "route": .string(route), "status": .stringConvertible(status),
                "milliseconds": .string(Self.milliseconds(duration)),
            ])
    }

    private func timer(_ key: Key) -> Metrics.Timer {
        timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Metrics.Timer(
                label: "http_request_duration",
                dimensions: [("method", key.method), ("route", key.route), ("status", String(key.status))])
            timers[key] = timer
            return timer
        }
    }

    /// Templates are a closed set; whatever matched none is one of its own.
    private static func route(_ template: String?) -> String {
        guard let template, template != "NotFound" else { return "unmatched" }
        return template
    }

    /// Methods that callers invent must not make series of their own.
    private static func name(_ method: HTTPRequest.Method) -> String {
        switch method {
        case .get, .head, .post, .put, .patch, .delete, .options: method.rawValue
        default: "other"
        }
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let microseconds = duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
