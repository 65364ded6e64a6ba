import Foundation
import Models

/// Keeps who holds which role in which grid, and delivers what has waited for them.
package struct KeepGridStaffing: Sendable {
    private let now: @Sendable () -> Date

    /// Keeps with the time of a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Keeps the changes.
    package func callAsFunction(_ staffing: GridStaffing, in ledger: any DeliveryLedger) async throws {
        guard !staffing.isEmpty else { return }
        let moment = now()
        try await ledger.keep(staffing, at: moment)
        let areas = staffing.staffedAreas
        if !areas.isEmpty { try await ledger.deliverWaiting(in: areas, at: moment) }
    }
}
