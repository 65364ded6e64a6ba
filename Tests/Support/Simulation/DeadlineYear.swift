import Foundation
import GridOperationsService
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Synchronization

/// A year of incidents in simulated time: reports and orders as people would give them, and several watches over deadlines
/// that die at every place again and again.
package struct DeadlineYear: Sendable {
    /// What is left of the year.
    package struct Outcome: Sendable {
        /// What was done at clocks, as stored.
        package var acted: Set<Deed> = []
        /// What should have been done, by walking through the same orders without a database.
        package var expected: Set<Deed> = []
        /// Rows of what was done.
        package var rows = 0
        /// Events of it.
        package var events = 0
        /// Events of it that are of different deadlines.
        package var distinctEvents = 0
        /// Its entries of the audit trail.
        package var auditEntries = 0
        /// The greatest time between due and done, in simulated seconds.
        package var lateMax = 0.0
        /// How much was done before it was due.
        package var early = 0
        /// How often a watch died.
        package var deaths = 0
        /// How often a watch took care of clocks.
        package var batches = 0
        /// Orders that were carried out.
        package var orders = 0
        /// Moments at which the simulation stopped.
        package var stops = 0
    }

    /// A clock stays due whoever looks.
    package struct Stuck: Error {}

    /// Something done at a clock.
    package struct Deed: Sendable, Hashable {
        let incident: IncidentID
        let kind: IncidentClockKind
        let round: Int
        let level: Int
        let scheduledAt: Date
    }

    private let incidents: Int
    private let workers: Int
    private let seed: UInt64
    /// For how many milliseconds the simulation looks away at most; a watch of the service does so for five seconds.
    private let sliceMax = 54_000

    /// Plans a year.
    ///
    /// - Parameters:
    ///   - incidents: how many reports.
    ///   - workers: how many watches at once.
    package init(incidents: Int, workers: Int = 3, seed: UInt64 = 20_260_101) {
        self.incidents = incidents
        self.workers = workers
        self.seed = seed
    }

    /// Lives through the year in a database with the tables of grid operations, as the role that runs the service.
    package func run(in database: TestDatabase) async throws -> Outcome {
        try await RowScope.service {
            let stage = DeadlineStage(database: database, workers: workers, seed: seed)
            let rules = try await stage.shelf.current(at: YearPlan.start)
            var random = SimulationRandom(state: seed)
            let plans = (0..<incidents).map { YearPlan(number: $0, by: rules, &random) }
            let outcome = try await live(plans, by: rules, on: stage, &random)
            await stage.shutdown()
            return outcome
        }
    }

    private func live(
        _ plans: [YearPlan], by rules: RulebookInForce, on stage: DeadlineStage, _ random: inout SimulationRandom
    ) async throws -> Outcome {
        var outcome = Outcome()
        var reports = plans.sorted { $0.reportedAt < $1.reportedAt }[...]
        var orders = plans.flatMap { plan in plan.steps.map { (incident: plan.incident.id, step: $0) } }
            .sorted { $0.step.at < $1.step.at }[...]
        var clock = YearPlan.start
        var idle = 0
        while true {
            // A week of reports at a time; the clocks of those to come are not due yet.
            let week = reports.prefix { $0.reportedAt <= clock.addingTimeInterval(7 * 86_400) }
            reports = reports.dropFirst(week.count)
            try await stage.report(week.map(\.incident), by: rules)
            let due = try await stage.deadlines.nextActionAt()
            guard let earliest = [due, orders.first?.step.at, reports.first?.reportedAt].compactMap({ $0 }).min(),
                earliest <= YearPlan.end
            else { break }
            let slice = Double(Int.random(in: 30_000...sliceMax, using: &random)) / 1000
            clock = max(clock, min(earliest.addingTimeInterval(slice), YearPlan.end).wholeMilliseconds)
            outcome.stops += 1
            while let (incident, step) = orders.first, step.at <= clock {
                try await stage.carryOut(step, on: incident)
                outcome.orders += 1
                orders = orders.dropFirst()
            }
            guard let due, due <= clock else { continue }
            let next = try await stage.watch(from: &clock, &random)
            // What stays due stops the year, or it would never end.
            idle = next == due ? idle + 1 : 0
            guard idle < 3 else { throw Stuck() }
        }
        for plan in plans { outcome.expected.formUnion(plan.expected(by: rules)) }
        (outcome.deaths, outcome.batches) = stage.figures
        try await stage.read(into: &outcome)
        return outcome
    }
}

/// The stores of the year, and watches with connections of their own that can be cut.
private final class DeadlineStage: Sendable {
    let shelf: RulebookShelf
    let deadlines: PostgresDeadlineStore
    private let pool: PostgresPool
    private let workerPools: [PostgresPool]
    private let incidents: PostgresIncidentStore
    private let audit = AuditTrail(service: .gridOperations)
    private let counts = Mutex((deaths: 0, batches: 0))
    private let watches: Mutex<[PostgresDeadlineStore]>
    private let random: Mutex<SimulationRandom>

    init(database: TestDatabase, workers: Int, seed: UInt64) {
        pool = database.pool(size: 2)
        var cut = database.configuration
        cut.applicationName = Self.workerName
        let worker = TestDatabase(server: database.server, configuration: cut)
        workerPools = (0..<workers).map { _ in worker.pool(size: 1) }
        shelf = RulebookShelf(pool: pool)
        let outbox = Outbox(pool: pool, companion: audit)
        deadlines = PostgresDeadlineStore(pool: pool, outbox: outbox, shelf: shelf)
        incidents = PostgresIncidentStore(pool: pool, outbox: outbox, audit: audit, shelf: shelf)
        watches = Mutex([])
        self.random = Mutex(SimulationRandom(state: seed))
        for index in workerPools.indices { watches.withLock { $0.append(watch(index)) } }
    }

    private static let workerName = "deadline-watch"

    var figures: (Int, Int) { counts.withLock { ($0.deaths, $0.batches) } }

    func shutdown() async {
        for pool in [pool] + workerPools { await pool.shutdown(deadline: .seconds(5)) }
    }

    /// A watch that will die at some place sooner or later; another then starts anew in its stead.
    private func watch(_ index: Int) -> PostgresDeadlineStore {
        let pool = workerPools[index]
        let places: [Failpoints.Place] = [.deadlineAfterLock, .deadlineBeforeCommit, .deadlineAfterCommit]
        let (place, passing) = random.withLock { random in
            (places[Int.random(in: 0..<3, using: &random)], Int.random(in: 1...20, using: &random))
        }
        return PostgresDeadlineStore(
            pool: pool, outbox: Outbox(pool: pool, companion: audit), shelf: RulebookShelf(pool: pool),
            failpoints: Failpoints([place: (.throw, passing)]))
    }

    /// Writes reports with their clocks, as many as there are in one statement each.
    func report(_ incidents: [Incident], by rules: RulebookInForce) async throws {
        guard !incidents.isEmpty else { return }
        let clocks = incidents.compactMap { incident in
            IncidentClock.response(to: incident, by: rules).map { ClockColumns.Row($0, of: incident, by: rules) }
        }
        let insertion = PostgresStatement(
            """
            insert into grid.incidents (
                id, number, grid_code, function, function_is_provisional, title, description, longitude, latitude, source,
                urgency, state, reported_at, is_anonymous, is_historical, rulebook)
            select id, number, grid_code, 'emergencyManagement', false, '井盖缺失', '请处理', 100.5, 25.4, 'resident', urgency,
                'reported', reported_at, false, false, $6
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                as r (id, number, grid_code, urgency, reported_at)
            """,
            [
                .uuidArray(incidents.map(\.id.rawValue)), .textArray(incidents.map(\.number)),
                .textArray(incidents.map(\.gridCode.digits)),
                .textArray(incidents.map(\.report.urgency.rawValue)),
                .timestamptzArray(incidents.map(\.report.reportedAt)), .int4(Int32(rules.number)),
            ])
        try await pool.withTransaction { _ = try await $0.pipeline([insertion, ClockColumns.upsert(clocks)]) }
    }

    func carryOut(_ step: YearPlan.Step, on incident: IncidentID) async throws {
        do {
            _ = try await HandleIncident(store: incidents, now: { step.at })(
                step.action, on: incident, step.draft, ifVersion: nil, scope: .everything)
        } catch is IncidentRefusal {
            // The plan knows nothing of what the clock refuses; the walk without a database is refused alike.
        }
    }

    /// Lets watches look at once; those that die begin anew.
    ///
    /// Nobody looks before the next moment but for what was in the hands of one whose connection was cut.
    ///
    /// - Parameter clock: the moment; afterwards that at which nothing was left.
    /// - Returns: when something is due next.
    func watch(from clock: inout Date, _ random: inout SimulationRandom) async throws -> Date? {
        let moment = clock
        // Now and then the server cuts their connections, as when their machine dies.
        let isCut = Int.random(in: 0..<400, using: &random) == 0
        let awake = workerPools.indices.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random))
        await withTaskGroup(of: Void.self) { group in
            for index in awake { group.addTask { await self.live(index, at: moment) } }
            if isCut { group.addTask { await self.cutConnections() } }
        }
        var next = try await deadlines.nextActionAt()
        for _ in 0..<5 {
            guard let due = next, due <= clock else { break }
            clock.addTimeInterval(1)
            await live(0, at: clock)
            next = try await deadlines.nextActionAt()
        }
        return next
    }

    private func live(_ index: Int, at moment: Date) async {
        while true {
            let store = watches.withLock { $0[index] }
            do {
                let acted = try await RowScope.service {
                    // Small batches, so that the watches meet.
                    try await WatchDeadlines(store: store, now: { moment }, batch: 3).actOnAll()
                }
                counts.withLock { $0.batches += acted > 0 ? 1 : 0 }
                return
            } catch {
                let next = watch(index)
                watches.withLock { $0[index] = next }
                counts.withLock { $0.deaths += 1 }
            }
        }
    }

    private func cutConnections() async {
        // Whether anything was cut shows in the deaths.
        _ = try? await pool.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = \(Self.workerName)")
    }

    func read(into outcome: inout DeadlineYear.Outcome) async throws {
        for row in try await pool.query(
            "select incident_id, kind, round, level, scheduled_at, acted_at from grid.deadline_actions"
        ).rows {
            let (scheduled, acted): (Date, Date) = (try row.decode("scheduled_at"), try row.decode("acted_at"))
            outcome.acted.insert(
                DeadlineYear.Deed(
                    incident: try row.identifier("incident_id"), kind: try row.word("kind"),
                    round: Int(try row.decode("round", as: Int32.self)),
                    level: Int(try row.decode("level", as: Int32.self)), scheduledAt: scheduled.wholeMilliseconds))
            outcome.rows += 1
            outcome.lateMax = max(outcome.lateMax, acted.timeIntervalSince(scheduled))
            outcome.early += acted < scheduled ? 1 : 0
        }
        let result = try await pool.query(
            """
            select (select count(*) from messaging.outbox where type like '%.IncidentDeadline%') as events,
                   (select count(distinct (key, d -> 'clock', d -> 'round', d -> 'level'))
                    from (select key, convert_from(data, 'UTF8')::jsonb -> 'deadline' as d
                          from messaging.outbox where type like '%.IncidentDeadline%') as told) as distinct_events,
                   (select count(*) from audit_trail.entries where details like '%IncidentDeadline%') as entries
            """)
        outcome.events = try result.rows[0].decode("events")
        outcome.distinctEvents = try result.rows[0].decode("distinct_events")
        outcome.auditEntries = try result.rows[0].decode("entries")
    }
}
