import Foundation
import Models

/// Where facilities are kept.
package protocol FacilityStore: Sendable {
    /// Writes a facility with its event, once for a key.
    ///
    /// - Returns: the id of this facility, or the stored one of the first request with the same key and body.
    /// - Throws: `RowFaults` when the division is unknown; a problem when the key was used otherwise.
    func add(_ facility: Facility, key: IdempotencyKey, at moment: Date) async throws -> FacilityID

    /// Puts what is stated in the place of what was there, with its event and those of rooms whose tenure follows it.
    ///
    /// - Throws: `VenueNotFound`, also for one outside the scope; `VersionMismatch`; `RowFaults`.
    func replace(
        _ id: FacilityID, with stated: StatedFacility, ifVersion version: Int?, scope: ScopeFilter, at moment: Date
    ) async throws -> Facility

    /// A facility of a scope.
    func find(_ id: FacilityID, scope: ScopeFilter) async throws -> Facility?

    /// Facilities of a scope, in the order in which they were entered.
    func list(
        divisionPrefix: String, scope: ScopeFilter, after: FacilityID?, limit: Int
    ) async throws -> [Facility]
}

/// Enters facilities and keeps what is stated of them.
package struct KeepFacilities: Sendable {
    private let store: any FacilityStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for days and events.
    package init(store: any FacilityStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Enters a facility.
    ///
    /// - Returns: the facility, the same at every repetition with the same key.
    package func add(_ draft: FacilityDraft, key: IdempotencyKey, scope: ScopeFilter) async throws -> Facility {
        let moment = now()
        let stated = try checked(draft, at: moment, scope: scope)
        let id = try await store.add(Facility(id: .new(), stated: stated), key: key, at: moment)
        return Facility(id: id, stated: stated)
    }

    /// Puts what is stated in the place of what was there.
    package func replace(
        _ id: FacilityID, _ draft: FacilityDraft, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> Facility {
        let moment = now()
        let stated = try checked(draft, at: moment, scope: scope)
        return try await store.replace(id, with: stated, ifVersion: version, scope: scope, at: moment)
    }

    private func checked(_ draft: FacilityDraft, at moment: Date, scope: ScopeFilter) throws -> StatedFacility {
        let stated = try draft.checked(today: try CountyCalendar.day(of: moment))
        guard scope.contains(stated.divisionCode) else { throw RowFaults([.outsideScope("divisionCode")]) }
        return stated
    }
}
