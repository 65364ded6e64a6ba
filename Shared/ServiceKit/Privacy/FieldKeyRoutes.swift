import Hummingbird
import Models

/// What a security administrator asks about the keys of personal fields: how many values and hashes stand under which, and the
/// rotation to the current one.
struct FieldKeyRoutes: Sendable {
    let rotation: FieldRotation
    let lookups: LookupRotation
    let clock: any SuiteClock

    private static let access = RouteAccess.allowed(to: [.securityAdmin], scope: .service)

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/field-keys", Self.access) { _, _ in JSONAnswer(try await report()) }
        routes.post("/v1/field-keys/rotation", Self.access) { _, _ in
            try await RowScope.service {
                try await rotation.ask(at: clock.now)
                try await lookups.ask(at: clock.now)
            }
            return JSONAnswer(try await report())
        }
    }

    private func report() async throws -> FieldKeyReport {
        // Every row counts, whatever the caller's scope; a count is all that is shown.
        try await RowScope.service {
            try await rotation.report().joined(withLookups: lookups.report())
        }
    }
}
