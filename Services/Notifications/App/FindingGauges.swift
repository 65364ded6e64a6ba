import Foundation
import Metrics
import Models

/// Shows how many findings there are of each kind, as metrics: what nobody is told of must not wait until somebody asks.
struct FindingGauges: Sendable {
    let readFindings: ReadFindings
    let now: @Sendable () -> Date
    /// How often it counts.
    var interval: Duration = .seconds(60)
    /// So many posts that nobody holds are counted.
    private static let postsMax = 1000

    /// Counts until the task is cancelled.
    func run() async throws {
        while !Task.isCancelled {
            let ofRoutes = try await readFindings.ofRoutes(scope: .everything)
            for kind in RouteFinding.Kind.allCases {
                record(ofRoutes.count { $0.kind == kind }, kind.rawValue)
            }
            record(
                try await readFindings.ofPosts(scope: .everything, after: nil, limit: Self.postsMax).count,
                "role-missing")
            let unaddressed = try await readFindings.unaddressed(since: CountyCalendar.day(of: now()))
            for reason in SkipReason.ofEvents {
                Gauge(label: "notify_unaddressed_events_today", dimensions: [("reason", reason.rawValue)])
                    .record(unaddressed[reason.rawValue] ?? 0)
            }
            try await Task.sleep(for: interval)
        }
    }

    private func record(_ count: Int, _ kind: String) {
        Gauge(label: "notify_findings", dimensions: [("kind", kind)]).record(count)
    }
}
