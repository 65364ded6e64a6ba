import Foundation
import Models

/// Keeps pairings.
package protocol PairingStore: Sendable {
    /// Lets the domain decide on pairings and does what it decides, in one transaction with the events.
    ///
    /// The pairings are locked; `decide` may be called more than once.
    func activate(
        _ terms: [PairingTerms], at time: Date,
        deciding decide: @escaping @Sendable (PairingRegister) -> PairingRegister.Plan
    ) async throws -> [Numbered<RowOutcome>]

    /// Lists pairings in the order of target and unit.
    ///
    /// - Parameters:
    ///   - prefix: the beginning of the targets' codes; empty for all.
    ///   - unit: the unit that helps; nil for all.
    ///   - scope: what the caller may see, by the target or by the unit.
    func pairings(
        within prefix: String, of unit: UnifiedSocialCreditCode?, scope: ScopeFilter,
        after position: PairingPosition?, limit: Int
    ) async throws -> [Pairing]
}

/// Where a page of pairings ended.
package struct PairingPosition: Sendable, Hashable {
    /// The target of the last pairing.
    package let targetCode: String
    /// The unit of the last pairing.
    package let unitCode: String

    /// Names a position.
    package init(targetCode: String, unitCode: String) {
        self.targetCode = targetCode
        self.unitCode = unitCode
    }
}
