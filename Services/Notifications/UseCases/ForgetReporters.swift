import Foundation
import Models

/// Forgets the reporters of incidents whose owner has forgotten them.
package struct ForgetReporters: Sendable {
    private let now: @Sendable () -> Date

    /// Forgets with the time of a clock, which says which legal holds last.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Forgets who reported these.
    package func callAsFunction(_ incidents: [IncidentID], in ledger: any DeliveryLedger) async throws {
        guard !incidents.isEmpty else { return }
        try await ledger.forgetReporters(of: incidents, at: now())
    }
}
