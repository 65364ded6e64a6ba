import HTTPTypes
import Hummingbird
import NIOCore

/// What an operator and a load balancer ask every service: is it alive, is it ready, what does it count, what is it.
struct OperationsRoutes: Sendable {
    let board: HealthBoard
    let metrics: MetricsPage
    let status: StatusReport
    let migration: @Sendable () -> String?

    /// Whether a path or route template is asked by machines all the time: it is logged quietly and never turned away.
    static func isProbe(_ path: String) -> Bool { path == "/livez" || path == "/readyz" || path == "/metrics" }

    func add(to routes: SuiteRoutes) {
        routes.get("/livez", .open) { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "alive\n")))
        }
        routes.get("/readyz", .open) { [board] _, _ in
            let report = board.report
            var headers: HTTPFields = [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"]
            if !report.ready { headers[.retryAfter] = "1" }
            return Response(
                status: report.ready ? .ok : .serviceUnavailable, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try SuiteJSON.encode(report))))
        }
        routes.get("/metrics", .open) { [metrics] _, _ in
            Response(
                status: .ok, headers: [.contentType: PrometheusText.mediaType],
                body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
        }
        routes.get("/status", .open) { [status, migration] _, _ -> StatusReport in
            var report = status
            report.migration = migration()
            return report
        }
    }
}
