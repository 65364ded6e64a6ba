import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support

/// What the audit trail costs: the same events with and without it, with a sealer behind, in turn.
struct AuditTrailBenchmarks {
    let rounds = 3
    private let rows = 20_000
    private let page = 1000
    private let single = 4000
    private let clients = 8

    func writing() async throws -> [Measurement] {
        let server = PrivatePostgres(durable: true)
        let database = try await TestDatabase.create(named: "bench_audit", on: server)
        let pool = database.pool(size: clients)
        let sets = [
            MigrationSet(name: "messaging", directory: MessagingMigrations.directory),
            MigrationSet(name: "service-kit", directory: ServiceMigrations.directory),
        ]
        _ = try await Migrator(sets: sets, logger: TestBroker.logger).migrate(pool)
        let sealer = AuditSealer(
            service: .gridOperations, configuration: database.configuration, logger: TestBroker.logger)
        let sealing = Task { try await sealer.run() }
        let bare = Outbox(pool: pool)
        let audited = Outbox(pool: pool, companion: AuditTrail(service: .gridOperations))
        var bulk: [(bare: Double, audited: Double)] = []
        var singles: [(bare: Double, audited: Double)] = []
        for _ in 0..<rounds {
            bulk.append((try await self.bulk(bare), try await self.bulk(audited)))
            singles.append((try await self.singles(bare), try await self.singles(audited)))
        }
        sealing.cancel()
        // It ends by its cancellation.
        _ = await sealing.result
        await pool.shutdown(deadline: .seconds(5))
        await server.remove()
        return [bulkMeasurement(bulk), singleMeasurement(singles)]
    }

    private func bulkMeasurement(_ times: [(bare: Double, audited: Double)]) -> Measurement {
        let microseconds = median(times.map { ($0.audited - $0.bare) / Double(rows) * 1_000_000 })
        return Measurement(
            what: "an entry of the audit trail in a bulk write of \(page) events",
            figure: "\(microseconds.places(0)) µs",
            budget: "50 µs", isMet: microseconds <= 50,
            note: "on top of the outbox alone, which has no rows of a service beside it; ratios: "
                + times.map { ($0.bare / $0.audited).places(2) }.joined(separator: ", "))
    }

    private func singleMeasurement(_ times: [(bare: Double, audited: Double)]) -> Measurement {
        let ratio = median(times.map { $0.bare / $0.audited })
        return Measurement(
            what: "durable transactions of one event with the audit trail against without, \(clients) clients",
            figure: "\(ratio.places(2)) ×", budget: "0.8 ×", isMet: ratio >= 0.8,
            note: "a sealer at work; ratios: "
                + times.map { ($0.bare / $0.audited).places(2) }.joined(separator: ", "))
    }

    private func bulk(_ outbox: Outbox) async throws -> Double {
        let pages = try (0..<rows / page).map { number in try (0..<page).map { try Self.event(number * page + $0) } }
        return try await seconds {
            for events in pages { try await outbox.transaction { _ in ((), events) } }
        }
    }

    private func singles(_ outbox: Outbox) async throws -> Double {
        let events = try (0..<single).map(Self.event)
        let share = single / clients
        return try await seconds {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<clients {
                    let own = events[client * share..<(client + 1) * share]
                    group.addTask {
                        for event in own { try await outbox.transaction { _ in ((), [event]) } }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private static func event(_ index: Int) throws -> OutgoingEvent {
        let digits = String(1_000_000 + index % 10_000).suffix(6)
        guard let code = DivisionCode("532923" + digits) else { throw BenchmarkFailure("no such division code") }
        let facts = DivisionFacts(
            code: code, name: String(repeating: "村", count: 75), level: .community, kind: .administrativeVillage,
            households: index)
        return try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())
    }
}
