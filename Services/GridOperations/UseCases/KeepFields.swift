import Foundation
import Models

/// Where responsibility fields are kept.
package protocol ResponsibilityFieldStore: Sendable {
    /// Writes a field with its first owner, once for a key.
    ///
    /// - Parameter day: the owner's first day.
    /// - Returns: the id of this field, or the stored one of the first request with the same key and body.
    /// - Throws: `RowFaults` when there is no such group in force or no such holder in it; a problem when the key was used
    ///   otherwise.
    func add(
        _ field: StatedField, key: IdempotencyKey, scope: ScopeFilter, on day: CalendarDay
    ) async throws -> ResponsibilityFieldID

    /// Hands a field over from a day on: the owner before ends and the new one begins, without a gap.
    ///
    /// - Throws: `FieldNotFound`, `VersionMismatch`, `RowFaults`.
    func handOver(
        _ id: ResponsibilityFieldID, to owner: GridAssignmentID, ifVersion version: Int?, scope: ScopeFilter,
        on day: CalendarDay
    ) async throws

    /// A field of a scope with its owner on a day; nil when it had none yet.
    func find(
        _ id: ResponsibilityFieldID, on day: CalendarDay, scope: ScopeFilter
    ) async throws -> ResponsibilityField?

    /// Fields of a scope with their owners on a day, in the order of their ids.
    func list(
        gridPrefix: String, on day: CalendarDay, scope: ScopeFilter, after: ResponsibilityFieldID?, limit: Int
    ) async throws -> [ResponsibilityField]
}

/// Keeps responsibility fields and who answers for them.
package struct KeepFields: Sendable {
    private let store: any ResponsibilityFieldStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for the day.
    package init(store: any ResponsibilityFieldStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Adds a field, owned from today on.
    ///
    /// - Throws: `RowFaults`, or a problem of the key.
    package func add(
        _ draft: ResponsibilityFieldDraft, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> ResponsibilityField {
        let field = try draft.checked()
        guard scope.contains(field.gridCode) else { throw RowFaults([.outsideScope("gridCode")]) }
        let id = try await store.add(field, key: key, scope: scope, on: try CountyCalendar.day(of: now()))
        return try await find(id, on: nil, scope: scope)
    }

    /// Hands a field over, from today on.
    ///
    /// - Throws: `RowFaults`, `FieldNotFound`, `VersionMismatch`.
    package func handOver(
        _ id: ResponsibilityFieldID, _ draft: FieldHandoverDraft, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> ResponsibilityField {
        try await store.handOver(
            id, to: try draft.checked(), ifVersion: version, scope: scope, on: try CountyCalendar.day(of: now()))
        return try await find(id, on: nil, scope: scope)
    }

    /// A field with its owner on a day; nil for today.
    ///
    /// - Throws: `FieldNotFound`.
    package func find(
        _ id: ResponsibilityFieldID, on day: CalendarDay?, scope: ScopeFilter
    ) async throws -> ResponsibilityField {
        let day = try day ?? CountyCalendar.day(of: now())
        guard let field = try await store.find(id, on: day, scope: scope) else { throw FieldNotFound() }
        return field
    }

    /// Fields whose group's code begins with a prefix, with their owners on a day; nil for today.
    package func list(
        gridPrefix: String, on day: CalendarDay?, scope: ScopeFilter, after: ResponsibilityFieldID?, limit: Int
    ) async throws -> [ResponsibilityField] {
        let day = try day ?? CountyCalendar.day(of: now())
        return try await store.list(gridPrefix: gridPrefix, on: day, scope: scope, after: after, limit: limit)
    }
}
