import Foundation
import Models

/// Where rooms are kept.
package protocol RoomStore: Sendable {
    /// Writes what is new or different in rows, with its events; decides with `RoomIntake` over locked rows.
    ///
    /// - Returns: the outcome of every row.
    func register(_ rows: [Numbered<StatedRoom>], at moment: Date) async throws -> [Numbered<RowOutcome>]

    /// Locks a room and puts particulars in the place of what was there, with its event.
    ///
    /// - Throws: `VenueNotFound`, also for one outside the scope; `VersionMismatch`; `RowFaults`.
    func replace(
        _ id: RoomID, with settings: RoomSettings, ifVersion version: Int?, scope: ScopeFilter, at moment: Date
    ) async throws -> Room

    /// A room of a scope.
    func find(_ id: RoomID, scope: ScopeFilter) async throws -> Room?

    /// Rooms of a scope, in the order in which they were entered.
    func list(_ filter: RoomFilter, scope: ScopeFilter, after: RoomID?, limit: Int) async throws -> [Room]
}

/// Which rooms a list shall show.
package struct RoomFilter: Sendable, Hashable {
    /// Digits that the community's code begins with; empty for all.
    package var divisionPrefix: String
    /// The kind; nil for all.
    package var kind: RoomKind?
    /// Only rooms that residents may book.
    package var onlyOpen: Bool

    /// Gathers the conditions.
    package init(divisionPrefix: String = "", kind: RoomKind? = nil, onlyOpen: Bool = false) {
        self.divisionPrefix = divisionPrefix
        self.kind = kind
        self.onlyOpen = onlyOpen
    }
}

/// Takes the rooms of a sheet in, and keeps their particulars.
package struct KeepRooms: Sendable {
    private let store: any RoomStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for the events.
    package init(store: any RoomStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Checks rows, keeps the sound ones within a scope, and says what became of each.
    package func register(
        _ rows: [Numbered<RoomDraft>], scope: ScopeFilter
    ) async throws -> [Numbered<RowOutcome>] {
        let checked = CheckedRows(
            rows, keyField: "kind", key: \StatedRoom.key,
            within: .division("divisionCode", in: scope) { $0.divisionCode.digits }
        ) {
            (draft: RoomDraft) throws(RowFaults) in try draft.checked()
        }
        guard !checked.sound.isEmpty else { return checked.outcomes(deciding: []) }
        return checked.outcomes(deciding: try await store.register(checked.sound, at: now()))
    }

    /// Puts particulars in the place of what was there.
    package func replace(
        _ id: RoomID, _ draft: RoomSettingsDraft, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> Room {
        try await store.replace(id, with: try draft.checked(), ifVersion: version, scope: scope, at: now())
    }
}
