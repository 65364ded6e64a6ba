import Foundation
import Models

/// Where it is kept who works where and who was told of what, within the transaction of a batch of events.
package protocol DeliveryLedger: Sendable {
    /// Keeps who holds which role in which grid from a moment on, and when somebody's post ended.
    func keep(_ staffing: GridStaffing, at moment: Date) async throws

    /// Puts news into the inboxes that the routes name, in the order given; each inbox gets an event once.
    ///
    /// News for a post that nobody holds waits until `waitsUntil`. Nobody is told of a report of his own by his post. What
    /// finds no route, no words or no reader is counted.
    func deliver(_ news: [News], at moment: Date, waitsUntil: Date) async throws

    /// Puts what waits in the communities of these areas into the inboxes of those who work there now.
    func deliverWaiting(in areas: Set<GridCode>, at moment: Date) async throws

    /// Forgets who reported incidents: what he was told of them stays as a count.
    func forgetReporters(of incidents: [IncidentID], at moment: Date) async throws

    /// Counts events that are only of the past.
    func countHistorical(_ events: Int, at moment: Date) async throws
}

/// What waits for somebody to take up a post.
package protocol WaitingDeliveries: Sendable {
    /// Delivers what can be delivered now, and closes as undelivered what has waited too long.
    ///
    /// - Returns: whether anything was delivered.
    func settle(at moment: Date) async throws -> Bool
}
