import Foundation
import Models

/// The rules that count.
package protocol RulebooksInForce: Sendable {
    /// The version in force at a moment.
    ///
    /// - Throws: `NoRulebookInForce`.
    func current(at moment: Date) async throws -> RulebookInForce

    /// The version that counts for an incident: its own, or the present one for those from before there were any.
    ///
    /// - Throws: `NoRulebookInForce`.
    func version(of incident: Incident, at moment: Date) async throws -> RulebookInForce
}

/// There is no version for a moment, or not the one that was asked for; the first migration publishes one for all times.
package struct NoRulebookInForce: Error, Sendable, Hashable {
    package init() {}
}
