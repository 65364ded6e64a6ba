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
        var bulk: [Double] = []
        var singles: [Double] = []
        for _ in 0..<rounds {
            bulk.append(try await self.bulk(bare) / self.bulk(audited))
            singles.append(try await self.singles(bare) / self.singles(audited))
        }
        sealing.cancel()
        // It ends by its cancellation.
        _ = await sealing.result
        await pool.shutdown(deadline: .seconds(5))
        await server.remove()
        return [
            measurement("bulk write of \(page) events a transaction", bulk),
            measurement("one event a transaction, \(clients) clients", singles),
        ]
    }

    private func measurement(_ what: String, _ ratios: [Double]) -> Measurement {
        let ratio = median(ratios)
        return Measurement(
            what: "\(what), with the audit trail against without", figure: "\(ratio.places(2)) ×", budget: "0.8 ×",
            isMet: ratio >= 0.8,
            note: "outbox alone, no rows of a service beside it; ratios: "
                + ratios.map { $0.places(2) }.joined(separator: ", "))
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
