import Foundation
import Models

/// Plans stations, and leads them through their states.
package struct ChangeStation: Sendable {
    private let store: any StationStore
    private let now: @Sendable () -> Date

    /// Changes stations of a store, with a clock for days and events.
    package init(store: any StationStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Plans a station.
    ///
    /// - Returns: the station, the same at every repetition with the same key.
    /// - Throws: `RowFaults`, or a problem of the key.
    package func plan(_ draft: StationDraft, key: IdempotencyKey, scope: ScopeFilter) async throws -> Station {
        let stated = try draft.planned()
        guard scope.contains(stated.divisionCode) else { throw RowFaults([.outsideScope("divisionCode")]) }
        let moment = now()
        let station = Station(id: .new(), stated: stated, state: .planned)
        let id = try await store.plan(station, key: key, at: moment)
        return Station(id: id, stated: stated, state: .planned)
    }

    /// Carries out an order.
    ///
    /// - Throws: `RowFaults`, `VenueNotFound`, `VersionMismatch`, `StationRefusal`.
    package func callAsFunction(
        _ action: StationAction, on id: StationID, _ draft: StationCommandDraft, ifVersion version: Int?,
        scope: ScopeFilter
    ) async throws -> Station {
        let moment = now()
        let command = try draft.checked(action, today: try CountyCalendar.day(of: moment))
        return try await store.change(id, scope: scope, at: moment) { station in
            if let version, version != station.version { throw VersionMismatch() }
            return try station.carryingOut(command)
        }
    }
}
