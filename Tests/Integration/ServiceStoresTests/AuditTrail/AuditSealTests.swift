import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// The chain behind the writers: nothing is lost, repeated or out of order, whatever ends the sealer.
struct AuditSealTests {
    @Test func `twelve early-id writers lose no entry and keep the order of every object`() async throws {
        try await AuditStage.with("order") { stage in
            let writers = 12
            let each = 150
            try await stage.sealing([stage.sealer(entriesMax: 40)]) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<writers {
                        group.addTask {
                            for _ in 0..<each { try await stage.change(Int.random(in: 0..<20), takingIDEarly: true) }
                        }
                    }
                    try await group.waitForAll()
                }
                try await stage.allSealed()
            }
            let versions = try await stage.sealedVersions()
            #expect(versions.values.reduce(0) { $0 + $1.count } == writers * each)
            for (thing, seen) in versions { #expect(seen == Array(1...seen.count), "\(thing)") }
            let result = try await stage.verify()
            #expect(result.findings == [])
            #expect(result.entries == writers * each)
        }
    }

    @Test func `a transaction that commits long after later ones is sealed in its own batch`() async throws {
        try await AuditStage.with("late") { stage in
            try await stage.sealing([stage.sealer()]) {
                let gate = Gate()
                let slow = Task {
                    try await stage.pool.withTransaction { transaction in
                        // Its id and its position are drawn now, its commit comes after everybody else's.
                        stage.trail.record(
                            [AuditEntry(.changed, "thing", id: "slow", details: ["version": .count(1)])],
                            in: transaction)
                        _ = try await transaction.query("select 1 as one")
                        await gate.wait()
                    }
                }
                try await eventually(within: .seconds(10), "the slow one has its position") { gate.arrivals == 1 }
                try await stage.write(30)
                try await stage.allSealed()
                gate.open()
                try await slow.value
                try await stage.allSealed()
            }
            #expect(try await stage.sealedVersions()["slow"] == [1])
            let last: PostgresStatement = "select last_position from audit_trail.seals order by number desc limit 1"
            #expect(try await stage.number(last) == 1)
            #expect(try await stage.verify().findings == [])
        }
    }

    @Test(
        arguments: [Failpoints.Place.sealerAfterCut, .sealerBeforeSeal, .sealerAfterSeal], [1, 2, 4])
    func `a sealer that dies between two steps leaves a chain that goes on whole`(
        _ place: Failpoints.Place, _ passing: Int
    ) async throws {
        try await AuditStage.with("killed") { stage in
            try await stage.write(45)
            let dying = Task {
                try await stage.sealer(entriesMax: 10, failpoints: Failpoints([place: (.throw, passing)])).run()
            }
            let writing = Task { while !Task.isCancelled { try await stage.write(1) } }
            await #expect(throws: Failpoints.Hit.self) { try await dying.value }
            #expect(try await stage.verify().findings == [])
            writing.cancel()
            try await writing.value
            try await stage.sealAll(entriesMax: 10)
            let result = try await stage.verify()
            #expect(result.findings == [])
            #expect(try await result.entries == stage.number("select count(*) from audit_trail.entries"))
            #expect(try await stage.sealedVersions().values.allSatisfy { $0 == Array(1...$0.count) })
        }
    }

    @Test func `seals follow the interval, however fast entries come`() async throws {
        try await AuditStage.with("pace") { stage in
            let interval = Duration.milliseconds(200)
            let began = ContinuousClock.now
            try await stage.sealing([stage.sealer(interval: interval)]) {
                while ContinuousClock.now - began < interval * 4 { try await stage.change(0) }
                try await stage.allSealed()
            }
            let most = Int((ContinuousClock.now - began) / interval) + 1
            #expect(try await stage.number("select count(*) from audit_trail.seals") <= most)
            #expect(try await stage.number("select count(*) from audit_trail.entries") > 2 * most)
        }
    }

    @Test func `a sealer that is cut off again and again seals everything once`() async throws {
        try await AuditStage.with("cut_off") { stage in
            for round in 0..<25 {
                try await stage.write(8)
                let task = Task { try await stage.sealer(entriesMax: 3).run() }
                for _ in 0..<round * 20 { await Task.yield() }
                task.cancel()
                // It ends by its cancellation, or by what that cut off.
                _ = await task.result
            }
            try await stage.sealAll(entriesMax: 3)
            let result = try await stage.verify()
            #expect(result.findings == [])
            #expect(result.entries == 200)
            #expect(try await stage.sealedVersions().values.allSatisfy { $0 == Array(1...$0.count) })
        }
    }

    @Test func `of two sealers one seals, and the other takes over when it is gone`() async throws {
        try await AuditStage.with("two") { stage in
            let figures = [AuditTrailMetrics(), AuditTrailMetrics()]
            try await stage.sealing(figures.map { stage.sealer(entriesMax: 5, metrics: $0) }) {
                for _ in 0..<4 {
                    try await stage.write(25)
                    try await stage.allSealed()
                    #expect(figures.filter(\.snapshot.isActive).count <= 1)
                    // The server ends the active one's connection, as a failing network does.
                    _ = try await stage.pool.query(
                        """
                        select pg_terminate_backend(pid) from pg_locks
                        where locktype = 'advisory' and granted and classid = hashtext('tiaokuai.audit-trail')::oid
                          and database = (select oid from pg_database where datname = current_database())
                        """)
                }
                try await stage.write(25)
                try await stage.allSealed()
            }
            let result = try await stage.verify()
            #expect(result.findings == [])
            #expect(result.entries == 125)
        }
    }

    @Test func `a chain may go over from one hash to the other`() async throws {
        try await AuditStage.with("hashes") { stage in
            try await stage.write(12)
            try await stage.sealAll(entriesMax: 5, hash: .sha256)
            try await stage.write(12)
            try await stage.sealAll(entriesMax: 5, hash: .sm3)
            let result = try await stage.verify()
            #expect(result.findings == [])
            #expect(result.entries == 24)
            #expect(try await stage.number("select count(distinct algorithm) from audit_trail.seals") == 2)
        }
    }

    @Test func `the unsealed tail is counted, with the age of its oldest entry`() async throws {
        try await AuditStage.with("tail") { stage in
            try await stage.write(3)
            let verifier = AuditVerifier(service: AuditStage.service, executor: stage.pool)
            var tail = try await verifier.verify(after: 0).unsealed
            #expect(tail.entries == 3)
            #expect(tail.ageSeconds > 0)
            try await stage.sealAll()
            tail = try await verifier.verify(after: 0).unsealed
            #expect(tail.entries == 0)
            #expect(tail.ageSeconds == 0)
        }
    }

    @Test func `nothing is sealed in another cluster than the one of the seals`() async throws {
        try await AuditStage.with("foreign") { stage in
            try await stage.write(3)
            try await stage.sealAll()
            _ = try await stage.pool.query("update audit_trail.cluster set system_identifier = '1'")
            await #expect(throws: ForeignAuditTrail.self) { try await stage.sealer().run() }
            #expect(try await stage.verify().findings == [])
        }
    }
}
