import Foundation
import Models

/// Where grids are merged and split.
package protocol GridReformStore: Sendable {
    /// Carries a merge or a split out, once for a key: the old grids end, the new ones begin, and open incidents, households
    /// and holdings of staff move, with the events of all of it.
    ///
    /// - Parameters:
    ///   - version: the version of the leading grid that the caller has seen; nil for any.
    ///   - day: the first day of the new grids.
    /// - Returns: what came of it, the stored one of the first request with the same key and body.
    /// - Throws: `GridRefusal`, `VersionMismatch`, `RowFaults`; a problem when the key was used otherwise.
    func carryOut(
        _ reform: GridReform, ifVersion version: Int?, key: IdempotencyKey, scope: ScopeFilter, on day: CalendarDay,
        at moment: Date
    ) async throws -> GridReformReceipt

    /// Moves open incidents after that were reported into a grid while it ended.
    ///
    /// - Returns: how many.
    func moveStrays(at moment: Date) async throws -> Int
}

/// Merges and splits grids 网格合并、拆分, from today on.
package struct ReformGrids: Sendable {
    private let store: any GridReformStore
    private let now: @Sendable () -> Date
    private let pause: Duration

    /// Writes to a store, with a clock for the day; strays are looked for once a pause.
    package init(
        store: any GridReformStore, now: @escaping @Sendable () -> Date, pause: Duration = .seconds(30)
    ) {
        self.store = store
        self.now = now
        self.pause = pause
    }

    /// Carries a checked order out.
    ///
    /// - Throws: `GridRefusal`, `VersionMismatch`, `RowFaults`, or a problem of the key.
    package func callAsFunction(
        _ reform: GridReform, ifVersion version: Int?, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> GridReformReceipt {
        guard scope.contains(reform.code) else { throw GridRefusal.notFound }
        for (index, successor) in reform.successors.enumerated() where !scope.contains(successor.code) {
            throw RowFaults([.outsideScope(reform.field(index, "code"))])
        }
        let moment = now()
        return try await store.carryOut(
            reform, ifVersion: version, key: key, scope: scope, on: try CountyCalendar.day(of: moment), at: moment)
    }

    /// Looks for strays until the task is cancelled.
    package func followStrays() async throws {
        while true {
            _ = try await store.moveStrays(at: now())
            try await Task.sleep(for: pause)
        }
    }
}
