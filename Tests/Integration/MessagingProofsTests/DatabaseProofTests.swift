import Foundation
import Kafka
import Messaging
import Models
import Postgres
import Support
import Testing

/// Proof 6: connections are killed and the server is restarted under load; what was answered is there once, and what was
/// not is decided by its idempotency key.
@Suite struct DatabaseProofTests {
    @Test func `a database that dies under load loses no answered command and repeats none`() async throws {
        let server = PrivatePostgres(durable: true)
        let broker = try EmulatedBroker()
        defer { broker.stop() }
        let stage = try await Stage.make(
            "database", kafka: TestBroker.configuration(of: broker), on: server, createTopics: broker.createTopics)
        _ = try await stage.writerPool.query("create table answers (key uuid primary key, version bigint not null)")
        let producer = try KafkaProducer(stage.kafka, logger: stage.logger)
        let (writing, reading) = (stage.writerRuntime(sink: producer), stage.readerRuntime(sink: producer))
        let answered = Counter()
        try await supervised([{ try await writing.run() }, { try await reading.run() }]) {
            async let commands: Void = withThrowingTaskGroup(of: Void.self) { group in
                for client in 0..<8 {
                    group.addTask {
                        for round in 0..<60 {
                            try await command(on: stage, division: (client + round) % 6)
                            _ = answered.next()
                        }
                    }
                }
                try await group.waitForAll()
            }
            for round in 1...3 {
                try await eventually(within: .seconds(60), "load goes on") { answered.value > round * 80 }
                try await terminateConnections(of: stage, on: server)
            }
            try await eventually(within: .seconds(60), "load goes on") { answered.value > 320 }
            try await server.restart()
            try await commands
            try await eventually(within: .seconds(60), "the audit is clean") {
                let audit = try await stage.audit(writing, reading)
                return audit.isClean && audit.lines.first?.produced == 480
            }
        }
        #expect(try await stage.ledger() == stage.expected())
        #expect(
            try await stage.writerPool.query("select count(*) as n from answers").rows.first?.decode(
                "n", as: Int64.self)
                == 480)
        await producer.close(deadline: .seconds(2))
        await server.remove()
    }

    /// One command as a client gives it: with a key, again and again until it is answered.
    private func command(on stage: Stage, division: Int) async throws {
        let key = UUID()
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do {
                let code = Stage.code(division)
                try await stage.outbox.transaction { transaction in
                    let first = try await transaction.query(
                        "insert into answers (key, version) values (\(key), 0) on conflict do nothing")
                    // The effect of an earlier try is there: this one only answers.
                    guard first.affectedRows == 1 else { return ((), []) }
                    let version: Int64 =
                        try await transaction.query(
                            """
                            insert into divisions (code, version) values (\(code.digits), 1)
                            on conflict (code) do update set version = divisions.version + 1 returning version
                            """
                        ).rows.first?.decode("version") ?? 0
                    let facts = DivisionFacts(code: code, name: "村", level: .community, households: Int(version))
                    return ((), [try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())])
                }
                return
            } catch let error as PostgresError {
                guard ContinuousClock.now < deadline else { throw error }
                await Task.yield()
            }
        }
    }

    private func terminateConnections(of stage: Stage, on server: PrivatePostgres) async throws {
        let administrator = try await PostgresConnection.connect(server.configuration())
        _ = try await administrator.query(
            """
            select count(*) filter (where pg_terminate_backend(pid)) as ended from pg_stat_activity
            where pid <> pg_backend_pid() and datname is not null and datname <> 'postgres'
            """)
        await administrator.close()
    }
}
