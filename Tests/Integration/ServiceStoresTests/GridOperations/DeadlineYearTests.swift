import Foundation
import GridOperationsService
import Models
import Simulation
import Support
import Testing

/// Every deadline is acted on once and none late, whatever dies; `benchmarks deadlines` lives through the year with
/// 100 000 incidents.
@Suite(.timeLimit(.minutes(5))) struct DeadlineYearTests {
    @Test func `a simulated year with watches that die acts on every deadline once and none late`() async throws {
        let outcome = try await TestDatabase.with(named: "year", extensions: ["postgis"]) { superuser in
            let database = try await superuser.migrated(.gridOperations, GridOperations.migrations)
            return try await DeadlineYear(incidents: 400).run(in: database)
        }
        #expect(outcome.expected.count > 800)
        #expect(outcome.acted == outcome.expected)
        #expect(outcome.rows == outcome.expected.count)
        #expect(outcome.events == outcome.rows && outcome.distinctEvents == outcome.rows)
        #expect(outcome.auditEntries == outcome.rows)
        #expect(outcome.lateMax <= 60 && outcome.early == 0, "\(outcome.lateMax) s")
        // They did die, and other watches did work.
        #expect(outcome.deaths > 20 && outcome.batches > 400, "\(outcome.deaths), \(outcome.batches)")
    }
}
