import Foundation
import Models

/// Where it is kept who works where and who was told of what, within the transaction of a batch of events.
package protocol DeliveryLedger: Sendable {
    /// Keeps who holds which role in which grid from a moment on, and when somebody's post ended.
    func keep(_ staffing: GridStaffing, at moment: Date) async throws

    /// Puts news into the inboxes that the routes name, in the order given; each inbox gets an event once.
    ///
    /// News for a post that nobody holds waits until `waitsUntil`. Nobody is told of a report of his own.
    func deliver(_ news: [IncidentNews], at moment: Date, waitsUntil: Date) async throws

    /// Puts what waits in these areas into the inboxes of those who work there now.
    func deliverWaiting(in areas: Set<GridCode>, at moment: Date) async throws

    /// Forgets who reported incidents: what he was told of them stays as a count.
    func forgetReporters(of incidents: [IncidentID], at moment: Date) async throws

    /// Counts events that nobody is told of: those only of the past, and news for reporters who left no inbox.
    func countUnaddressed(_ news: [IncidentNews], historical: Int, at moment: Date) async throws
}

/// What waits for somebody to take up a post.
package protocol WaitingDeliveries: Sendable {
    /// Delivers what can be delivered now, and closes as undelivered what has waited too long.
    ///
    /// - Returns: whether anything was delivered.
    func settle(at moment: Date) async throws -> Bool
}
