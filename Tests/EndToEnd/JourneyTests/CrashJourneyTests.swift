import Foundation
import Messaging
import Postgres
import Support
import Testing

/// Proofs 2 and 4 with whole processes: services that die or stop at a named step, on the built programs.
@Suite("Crashes of processes", .serialized, .timeLimit(.minutes(10)))
struct CrashJourneyTests {
    private static let perPlace = 12
    /// A rotation of keys runs when it is asked for, and `PrivacyJourneyTests` kill it; a backfill has nothing to do in a new
    /// database; deadlines have a test of their own.
    private static let places = Failpoints.Place.allCases.filter { place in
        !["rotation", "backfill", "deadline"].contains { place.rawValue.hasPrefix($0) }
    }

    private static func service(of place: Failpoints.Place) -> String {
        place.rawValue.hasPrefix("consumer") ? "cloud-gateway" : "grid-operations"
    }

    @Test func `a service killed at any step of relay or reader loses nothing and does nothing twice`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            #expect(try await suite.tiaokuai("import", pack.directory.path).status == 0)
            try await suite.expectClean()
            for place in Self.places {
                let service = Self.service(of: place)
                let process = try #require(suite.processes[service])
                try await process.endNow()
                // The sealer passes once a second at most, the others with each batch.
                let passing = place.rawValue.hasPrefix("sealer") ? 1 : 2
                try process.start(with: ["TIAOKUAI_FAILPOINTS": "\(place.rawValue)=kill@\(passing)"])
                async let reported: Void = suite.report(Self.perPlace, story: place.rawValue, at: pack)
                try await eventually(within: .seconds(60), "\(service) dies at \(place.rawValue)") {
                    process.endStatus != nil
                }
                #expect(process.endStatus == 128 + SIGKILL, "it ended otherwise than by the failpoint")
                try process.start()
                try await reported
            }
            try await suite.expectClean(wait: 120)
            try await suite.expectDigest(of: pack, incidentsMore: Self.perPlace * Self.places.count)
        }
    }

    @Test func `a watch over deadlines killed at any step acts on each deadline once`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            #expect(try await suite.tiaokuai("import", pack.directory.path).status == 0)
            try await suite.expectClean()
            let process = try #require(suite.processes["grid-operations"])
            let database = try await PostgresConnection.connect(suite.database(of: "grid-operations"))
            // Another rulebook for later reports: a minute to respond, of which a hundredth is over soon.
            _ = try await database.query(
                """
                insert into grid.rulebooks (state, content, effective_from, created_at, changed_at)
                select 'published', jsonb_set(jsonb_set(content::jsonb, '{reminderPercent}', '1'), '{clocks}',
                    '[{"response": {"amount": 1, "unit": "minutes"}, "resolve": {"amount": 1, "unit": "hours"}}]')::text,
                    now(), now(), now()
                from grid.rulebooks where number = 1
                """)
            let places: [Failpoints.Place] = [.deadlineAfterLock, .deadlineBeforeCommit, .deadlineAfterCommit]
            for place in places {
                try await process.endNow()
                try process.start(with: ["TIAOKUAI_FAILPOINTS": "\(place.rawValue)=kill"])
                async let reported: Void = suite.report(Self.perPlace, story: place.rawValue, at: pack)
                try await eventually(within: .seconds(60), "it dies at \(place.rawValue)") {
                    process.endStatus != nil
                }
                #expect(process.endStatus == 128 + SIGKILL, "it ended otherwise than by the failpoint")
                try process.start()
                try await reported
            }
            let count = PostgresStatement(
                "select count(*) as count from grid.deadline_actions where kind = 'response' and level = 0")
            let all = Self.perPlace * places.count
            try await eventually(within: .seconds(60), "all are reminded of") {
                try await database.query(count).rows.first?.decode("count") == all
            }
            let told = try await database.query(
                """
                select count(*) as count, count(distinct key) as keys from messaging.outbox
                where type like '%.IncidentDeadlineApproaching.v1'
                """
            ).rows
            #expect(try told.first?.decode("count") == all && told.first?.decode("keys") == all)
            await database.close()
            try await suite.expectClean(wait: 120)
        }
    }

    @Test(arguments: [Failpoints.Place.consumerBeforeApply, .consumerAfterApply])
    func `a reader stopped past its session and woken applies nothing twice`(_ place: Failpoints.Place) async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            #expect(try await suite.tiaokuai("import", pack.directory.path).status == 0)
            try await suite.expectClean()
            let zombie = try #require(suite.processes["cloud-gateway"])
            try await zombie.endNow()
            try zombie.start(with: ["TIAOKUAI_FAILPOINTS": "\(place.rawValue)=stop"])
            async let reported: Void = suite.report(20, story: "stopped", at: pack)
            try await eventually(within: .seconds(60), "the gateway stops in the middle of a batch") {
                zombie.state == "T"
            }
            try await reported
            // Before anybody can deliver the batch again: who stopped after it was applied has the replica do that, who
            // stopped before does it himself when he wakes.
            let before = try await suite.duplicates(of: "cloud-gateway")

            let (replica, url) = try suite.replica(of: "cloud-gateway")
            defer { replica.stop() }
            try replica.start()
            let asking = ["cloud-gateway": url]
            try await suite.report(20, story: "meanwhile", at: pack)
            // The other replica gets the partitions when the session of the stopped one is over.
            try await suite.expectClean(wait: 120, asking: asking)
            try await suite.expectDigest(of: pack, incidentsMore: 40, asking: asking)

            zombie.wake()
            try await eventually(within: .seconds(60), "the batch comes twice and is found already applied") {
                try await suite.duplicates(of: "cloud-gateway") > before
            }
            try await suite.expectClean(wait: 60)
            try await suite.expectDigest(of: pack, incidentsMore: 40)
        }
    }
}
