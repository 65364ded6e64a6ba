import Messaging
import Support
import Synchronization
import Testing

/// The wake-up of the relay: none is lost, none waits beyond its time.
@Suite(.timeLimit(.minutes(1)))
struct RelaySignalTests {
    /// A limit that no wait of these tests may come to.
    private static let long: Duration = .seconds(20)

    /// Runs something that would take `long` if a wake-up were lost.
    private func promptly(_ body: () async throws -> Void) async rethrows {
        let clock = ContinuousClock()
        let start = clock.now
        try await body()
        #expect(clock.now - start < Self.long)
    }

    @Test func `a signal raised before the wait is kept`() async {
        await promptly {
            let signal = RelaySignal()
            signal.raise()
            await signal.wait(atMost: Self.long)
        }
    }

    @Test func `only one signal is kept, however often it was raised`() async {
        let signal = RelaySignal()
        for _ in 0..<10 { signal.raise() }
        await signal.wait(atMost: Self.long)
        let clock = ContinuousClock()
        let start = clock.now
        await signal.wait(atMost: .milliseconds(30))
        #expect(clock.now - start >= .milliseconds(30))
    }

    @Test func `a waiting task is woken`() async throws {
        let signal = RelaySignal()
        let isDone = Mutex(false)
        async let woken: Void = {
            await signal.wait(atMost: Self.long)
            isDone.withLock { $0 = true }
        }()
        try await eventually(within: .seconds(30), "the waiter is woken") {
            signal.raise()
            return isDone.withLock { $0 }
        }
        await woken
    }

    @Test func `all that wait are woken by one raise`() async throws {
        let signal = RelaySignal()
        let done = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await signal.wait(atMost: Self.long)
                    done.add()
                }
            }
            try await eventually(within: .seconds(30), "all are woken") {
                signal.raise()
                return done.count == 20
            }
            try await group.waitForAll()
        }
    }

    @Test func `of signals raised at any moment none is lost`() async {
        await promptly {
            let signal = RelaySignal()
            let produced = Mutex(0)
            let rounds = 20_000
            // The relay's loop: look, and wait when there was nothing. A lost wake-up would wait out its limit.
            async let consumer: Int = {
                var seen = 0
                while seen < rounds {
                    let present = produced.withLock { $0 }
                    if present == seen { await signal.wait(atMost: Self.long) }
                    seen = present
                }
                return seen
            }()
            for round in 1...rounds {
                produced.withLock { $0 += 1 }
                signal.raise()
                if round % 7 == 0 { await Task.yield() }
            }
            #expect(await consumer == rounds)
        }
    }

    @Test func `a wait ends at its limit, be it ever so short`() async {
        await promptly {
            let signal = RelaySignal()
            // At once: the timer may be through before the waiter is in its place.
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2000 { group.addTask { await signal.wait(atMost: .zero) } }
            }
            await signal.wait(atMost: .milliseconds(1))
        }
    }

    @Test func `a cancelled task stops waiting, and one cancelled before does not begin`() async {
        await promptly {
            let signal = RelaySignal()
            for _ in 0..<500 {
                let task = Task { await signal.wait(atMost: Self.long) }
                task.cancel()
                await task.value
            }
            signal.raise()
            await signal.wait(atMost: Self.long)
        }
    }

    @Test func `after a wait that was cancelled a signal still wakes the next`() async {
        await promptly {
            let signal = RelaySignal()
            let task = Task { await signal.wait(atMost: Self.long) }
            task.cancel()
            await task.value
            let next = Task { await signal.wait(atMost: Self.long) }
            signal.raise()
            await next.value
        }
    }
}

/// Counts from many tasks.
private final class Counter: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    func add() { state.withLock { $0 += 1 } }
}
