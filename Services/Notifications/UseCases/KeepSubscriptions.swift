import Foundation
import Models

/// What somebody asked to hear of.
package struct Subscription: Sendable, Hashable {
    /// In what he stands to it.
    package enum Kind: String, Sendable, CaseIterable {
        /// He takes what comes to the organisation.
        case organisation
        /// He follows what happens in the division.
        case division
        /// He stands above the work in the division.
        case supervision
    }

    /// In what he stands to it.
    package var kind: Kind
    /// The code of an organisation, or the digits of a division.
    package var code: String
    /// Which event; nil for all.
    package var event: NewsEvent?

    /// Names it.
    package init(kind: Kind, code: String, event: NewsEvent? = nil) {
        self.kind = kind
        self.code = code
        self.event = event
    }
}

/// Where subscriptions are kept.
package protocol SubscriptionStore: Sendable {
    /// What a person asked to hear of, in order.
    func list(of person: PersonID) async throws -> [Subscription]

    /// Puts others in the place of a person's.
    func replace(_ subscriptions: [Subscription], of person: PersonID, at moment: Date) async throws
}

/// Keeps what people asked to hear of.
package struct KeepSubscriptions: Sendable {
    private let store: any SubscriptionStore
    private let now: @Sendable () -> Date

    /// Keeps in a store, with the time of a clock.
    package init(store: any SubscriptionStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// So many one person can have.
    package static let countMax = 100

    /// What a person asked to hear of.
    package func list(of person: PersonID) async throws -> [Subscription] { try await store.list(of: person) }

    /// Puts others in the place of a person's.
    ///
    /// - Parameter reach: what the person's roles let him see.
    /// - Throws: `MessageFaults` for what lies outside.
    package func replace(_ subscriptions: [Subscription], of person: PersonID, reach: ScopeFilter) async throws {
        guard subscriptions.count <= Self.countMax else {
            throw MessageFaults([.outOfRange("items", 0...Self.countMax)])
        }
        let faults = subscriptions.enumerated().compactMap { index, subscription -> RowFault? in
            let isWithin =
                switch subscription.kind {
                case .organisation: reach.contains(unit: subscription.code)
                case .division:
                    Self.isDivision(subscription.code, [6, 9, 12, 15]) && reach.contains(code: subscription.code)
                case .supervision:
                    Self.isDivision(subscription.code, [6, 9, 12]) && reach.contains(code: subscription.code)
                }
            return isWithin ? nil : .outsideScope("items[\(index)].code")
        }
        guard faults.isEmpty else { throw MessageFaults(faults) }
        try await store.replace(Array(Set(subscriptions)), of: person, at: now())
    }

    private static func isDivision(_ code: String, _ lengths: [Int]) -> Bool {
        lengths.contains(code.utf8.count) && code.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
