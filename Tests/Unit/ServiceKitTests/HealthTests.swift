import Logging
import ServiceKit
import Support
import Synchronization
import Testing

struct HealthTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `ready means that the database and its tables are, and the broker was reached once`() {
        let board = HealthBoard()
        #expect(!board.canServe && !board.isReady)
        board.note(.database, .ready)
        #expect(!board.canServe)
        board.note(.migrations, .ready)
        #expect(board.canServe && !board.isReady)
        board.note(.broker, .ready)
        #expect(board.isReady)
    }

    @Test func `a broker that goes away later does not take the service out, a database does`() {
        let board = HealthBoard()
        for dependency in Dependency.allCases { board.note(dependency, .ready) }
        board.note(.broker, .unavailable, reason: "away")
        #expect(board.isReady)
        #expect(board.report.dependencies["broker"]?.reason == "away")
        board.note(.database, .unavailable, reason: "away")
        #expect(!board.isReady && !board.canServe)
    }

    @Test func `a service that stops still serves but wants no more requests`() {
        let board = HealthBoard()
        for dependency in Dependency.allCases { board.note(dependency, .ready) }
        board.beginStopping()
        #expect(board.canServe && !board.isReady && board.report.stopping)
    }

    @Test func `only a change of condition is told`() {
        let board = HealthBoard()
        #expect(board.note(.database, .unavailable, reason: "a"))
        #expect(!board.note(.database, .unavailable, reason: "b"))
        #expect(board.report.dependencies["database"]?.reason == "b")
        #expect(board.note(.database, .ready))
        #expect(!board.note(.database, .ready))
    }

    @Test func `the monitor finds a dependency that comes, goes and comes back`() async throws {
        struct Away: Error {}
        let isThere = Mutex(false)
        let board = HealthBoard()
        let probe: HealthMonitor.Probe = {
            guard isThere.withLock({ $0 }) else { throw HealthMonitor.Unavailable(reason: "not there") }
        }
        let monitor = HealthMonitor(
            board: board, probes: [.database: probe], waits: .milliseconds(1)...(.milliseconds(5)),
            beat: .milliseconds(5), logger: Self.silent)
        let task = Task { await monitor.run() }
        for expected in [false, true, false, true] {
            isThere.withLock { $0 = expected }
            try await eventually(within: .seconds(10), "the board follows") {
                board.condition(of: .database) == (expected ? .ready : .unavailable)
            }
        }
        task.cancel()
        await task.value
    }

    @Test func `missing migrations are named, a database that is ahead is fine`() {
        #expect(MigrationHeads.difference(newest: ["a": 2, "b": 1], applied: ["a": 2, "b": 1]) == nil)
        #expect(MigrationHeads.difference(newest: ["a": 2], applied: ["a": 3]) == nil)
        let difference = MigrationHeads.difference(newest: ["a": 2, "b": 1], applied: ["a": 1])
        #expect(difference?.contains("a 1 of 2") == true && difference?.contains("b 0 of 1") == true)
    }
}
