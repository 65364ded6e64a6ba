import Foundation
import Models

/// Does with a message of an inbox what its owner wants.
package struct SortInbox: Sendable {
    private let store: any InboxStore
    private let now: @Sendable () -> Date

    /// Sorts in a store, with the time of a clock.
    package init(store: any InboxStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The longest sleep of a message.
    private static let snoozeDaysMax = 90

    /// Does it; again changes nothing.
    ///
    /// - Returns: false when there is no such message.
    /// - Throws: `MessageFaults` for a sleep that is over already or too long.
    package func callAsFunction(
        _ sequence: Int64, of person: PersonID, _ act: InboxAct, scope: ScopeFilter
    ) async throws -> Bool {
        let moment = now()
        if case .snooze(let until?) = act,
            until <= moment || until > moment.addingTimeInterval(Double(Self.snoozeDaysMax) * 86_400)
        {
            throw MessageFaults([.snooze(daysMax: Self.snoozeDaysMax)])
        }
        return try await store.sort(sequence, of: person, act, scope: scope, at: moment)
    }
}

extension RowFault {
    fileprivate static func snooze(daysMax: Int) -> RowFault {
        RowFault(
            field: "until", code: .outOfRange, "应晚于现在且不超过 \(daysMax) 天，请核对",
            "it must lie in the future, at most \(daysMax) days ahead; check it")
    }
}
