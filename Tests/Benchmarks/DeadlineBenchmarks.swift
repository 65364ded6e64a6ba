import Foundation
import GridOperationsService
import Messaging
import Models
import Postgres
import ServiceKit
import Simulation
import Support

/// The watch over deadlines: a simulated year.
struct DeadlineBenchmarks {
    /// Of how many reports the year consists.
    let incidents: Int

    /// Reads `deadlines`, or `deadlines=20000`; nil when neither is there, since the year takes minutes.
    init?(named arguments: [String]) {
        guard let year = arguments.first(where: { $0.hasPrefix("deadlines") }) else { return nil }
        incidents = year.split(separator: "=").dropFirst().first.flatMap { Int($0) } ?? 100_000
    }

    func year() async throws -> [Measurement] {
        let server = PrivatePostgres()
        let superuser = try await TestDatabase.create(named: "bench_year", on: server, extensions: ["postgis"])
        let database = try await superuser.migrated(.gridOperations, GridOperations.migrations)
        var lived: DeadlineYear.Outcome?
        let time = try await seconds { lived = try await DeadlineYear(incidents: incidents).run(in: database) }
        await server.remove()
        guard let outcome = lived else { throw BenchmarkFailure("the year did not end") }
        let isOnce =
            outcome.acted == outcome.expected && outcome.rows == outcome.expected.count
            && outcome.events == outcome.rows && outcome.distinctEvents == outcome.rows
            && outcome.auditEntries == outcome.rows
        return [
            Measurement(
                what: "deadlines of a simulated year, \(incidents) incidents, three watches that die",
                figure: "\(outcome.rows) acted on of \(outcome.expected.count), latest \(outcome.lateMax.places(1)) s",
                budget: "each once, none later than 60 s", isMet: isOnce && outcome.lateMax <= 60 && outcome.early == 0,
                note: "\(outcome.deaths) deaths, \(outcome.orders) orders, \(outcome.stops) moments, "
                    + "\(outcome.events) events (\(outcome.distinctEvents) distinct), \(outcome.auditEntries) entries of "
                    + "the audit trail; \(time.places(0)) s")
        ]
    }
}
