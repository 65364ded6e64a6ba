import Foundation
import Models

/// There is no such place in the scope.
package struct VenueNotFound: Error, Sendable, Hashable {
    /// What was looked for.
    package enum What: Sendable, Hashable {
        case station, facility, room
    }

    package let what: What

    package init(_ what: What) { self.what = what }
}

/// Where stations and neighbour points are kept.
package protocol StationStore: Sendable {
    /// Writes what is new or different in rows, with its events; decides with `StationIntake` over locked rows.
    ///
    /// - Returns: the outcome of every row.
    func register(
        _ rows: [Numbered<OpenedStation>], scope: ScopeFilter, at moment: Date
    ) async throws -> [Numbered<RowOutcome>]

    /// Writes a planned station with its event, once for a key.
    ///
    /// - Returns: the id of this station, or the stored one of the first request with the same key and body.
    /// - Throws: `RowFaults` when the division is unknown or the code taken; a problem when the key was used otherwise.
    func plan(_ station: Station, key: IdempotencyKey, at moment: Date) async throws -> StationID

    /// Locks a station, lets `decide` change it, and writes the change with its event.
    ///
    /// - Throws: `VenueNotFound`, also for one outside the scope; what `decide` throws.
    func change(
        _ id: StationID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (Station) throws -> StationChange
    ) async throws -> Station

    /// A station of a scope.
    func find(_ id: StationID, scope: ScopeFilter) async throws -> Station?

    /// Stations of a scope, in the order of their codes.
    func list(_ filter: StationFilter, scope: ScopeFilter, after: String?, limit: Int) async throws -> [Station]
}

/// Which stations a list shall show.
package struct StationFilter: Sendable, Hashable {
    /// Digits that the division's code begins with; empty for all.
    package var divisionPrefix: String
    /// The kind; nil for both.
    package var kind: StationKind?
    /// The state; nil for all.
    package var state: StationState?

    /// Gathers the conditions.
    package init(divisionPrefix: String = "", kind: StationKind? = nil, state: StationState? = nil) {
        self.divisionPrefix = divisionPrefix
        self.kind = kind
        self.state = state
    }
}

/// Takes the stations of a sheet in, many at a time.
package struct RegisterStations: Sendable {
    private let store: any StationStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock that refuses stations of the future.
    package init(store: any StationStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func callAsFunction(
        _ rows: [Numbered<StationDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let moment = now()
        let today = try CountyCalendar.day(of: moment)
        let checked = CheckedRows(
            rows, keyField: "code", key: \OpenedStation.stated.code,
            within: .division("divisionCode", in: scope) { $0.stated.divisionCode.digits }
        ) {
            (draft: StationDraft) throws(RowFaults) in try draft.opened(today: today)
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.register(checked.sound, scope: scope, at: moment))
    }
}
