import Postgres
import Testing

@Suite("The pool's queue")
struct PoolMachineTests {
    typealias Machine = PoolMachine<Int, String>

    private static func at(_ seconds: Int64) -> MonotonicTime { MonotonicTime(nanoseconds: seconds * 1_000_000_000) }

    private func take(from machine: inout Machine) -> Int? {
        machine.takeIdle { _ in true }
    }

    private func isWaiting(_ queueing: Machine.Queueing, opens: Bool) -> Bool {
        if case .wait(opens) = queueing { true } else { false }
    }

    private func rejection(_ queueing: Machine.Queueing) -> PostgresError.Code? {
        if case .reject(let error) = queueing { error.code } else { nil }
    }

    private func servedWaiter(_ placement: Machine.Placement) -> String? {
        if case .handOver(let waiter) = placement { waiter } else { nil }
    }

    @Test func `connections are opened for callers who wait, up to the capacity`() {
        var machine = Machine(capacity: 2, waitersMax: 10)
        #expect(take(from: &machine) == nil)
        #expect(isWaiting(machine.enqueue(id: 1, "a", until: Self.at(9)), opens: true))
        #expect(isWaiting(machine.enqueue(id: 2, "b", until: Self.at(9)), opens: true))
        #expect(isWaiting(machine.enqueue(id: 3, "c", until: Self.at(9)), opens: false))
        #expect(servedWaiter(machine.opened(1)) == "a")
        #expect(servedWaiter(machine.opened(2)) == "b")
        #expect(machine.leasedCount == 2)
        #expect(machine.waitingCount == 1)
    }

    @Test func `callers are served in the order in which they came`() {
        var machine = Machine(capacity: 1, waitersMax: 10)
        for (id, name) in ["a", "b", "c", "d"].enumerated() {
            _ = machine.enqueue(id: UInt64(id), name, until: Self.at(9))
        }
        #expect(servedWaiter(machine.opened(1)) == "a")
        #expect(take(from: &machine) == nil)
        #expect(machine.cancel(id: 1) == "b")
        #expect(machine.cancel(id: 1) == nil)
        #expect(servedWaiter(machine.released(1)) == "c")
        #expect(servedWaiter(machine.released(1)) == "d")
        guard case .keep = machine.released(1) else { return #expect(Bool(false), "nobody waits any more") }
        #expect(take(from: &machine) == 1)
        #expect(machine.acquiredTotal == 4)
    }

    @Test func `too many callers are refused at once`() {
        var machine = Machine(capacity: 1, waitersMax: 1)
        _ = machine.enqueue(id: 1, "a", until: Self.at(9))
        _ = machine.opened(1)
        #expect(isWaiting(machine.enqueue(id: 2, "b", until: Self.at(9)), opens: false))
        #expect(rejection(machine.enqueue(id: 3, "c", until: Self.at(9))) == .poolExhausted)
    }

    @Test func `a pool that lets nobody wait still opens connections`() {
        var machine = Machine(capacity: 1, waitersMax: 0)
        #expect(isWaiting(machine.enqueue(id: 1, "a", until: Self.at(9)), opens: true))
        #expect(rejection(machine.enqueue(id: 2, "b", until: Self.at(9))) == .poolExhausted)
    }

    @Test func `lost idle connections are passed over`() {
        var machine = Machine(capacity: 3, waitersMax: 9)
        for number in 1...3 {
            _ = machine.enqueue(id: UInt64(number), "x", until: Self.at(9))
        }
        for number in 1...3 { _ = machine.opened(number) }
        for number in 1...3 { _ = machine.released(number) }
        let found = machine.takeIdle { $0 == 2 }
        #expect(found == 2)
        #expect(machine.open == 2)
        machine.removeIdle { $0 == 1 }
        #expect(machine.open == 1)
        #expect(machine.idleCount == 0)
        #expect(machine.discardedTotal == 2)
    }

    @Test func `a discarded connection is replaced only if somebody waits`() {
        var machine = Machine(capacity: 1, waitersMax: 9)
        _ = machine.enqueue(id: 1, "a", until: Self.at(9))
        _ = machine.opened(1)
        _ = machine.enqueue(id: 2, "b", until: Self.at(9))
        let opensAnother = machine.discarded()
        #expect(opensAnother)
        #expect(servedWaiter(machine.opened(2)) == "b")
        let opensOneMore = machine.discarded()
        #expect(!opensOneMore)
        #expect(machine.open == 0)
    }

    @Test func `callers whose time is over leave, the others keep their order`() {
        var machine = Machine(capacity: 1, waitersMax: 9)
        _ = machine.enqueue(id: 1, "a", until: Self.at(5))
        _ = machine.enqueue(id: 2, "b", until: Self.at(3))
        _ = machine.enqueue(id: 3, "c", until: Self.at(7))
        let first = machine.expire(at: Self.at(3))
        #expect(first.expired == ["b"])
        #expect(first.error.code == .poolExhausted || first.error.code == .connection)
        #expect(first.next == Self.at(5))
        #expect(servedWaiter(machine.opened(1)) == "a")
        let second = machine.expire(at: Self.at(8))
        #expect(second.expired == ["c"])
        #expect(second.next == nil)
        #expect(machine.timeoutsTotal == 2)
    }

    @Test func `while the server is away callers wait, and then hear why`() {
        var machine = Machine(capacity: 2, waitersMax: 9)
        _ = machine.enqueue(id: 1, "a", until: Self.at(5))
        guard case .retry = machine.openFailed(PostgresError(.connection)) else {
            return #expect(Bool(false), "somebody waits")
        }
        let outcome = machine.expire(at: Self.at(5))
        #expect(outcome.expired == ["a"])
        #expect(outcome.error.code == .connection)
        guard case .stop(let waiters) = machine.openFailed(PostgresError(.connection)) else {
            return #expect(Bool(false), "nobody waits")
        }
        #expect(waiters.isEmpty)
        #expect(machine.opening == 0)
    }

    @Test func `a refusal that does not mend itself fails the callers at once`() {
        var machine = Machine(capacity: 2, waitersMax: 9)
        _ = machine.enqueue(id: 1, "a", until: Self.at(5))
        guard case .stop(["a"]) = machine.openFailed(PostgresError(connectMessage: "FATAL:  28P01")) else {
            return #expect(Bool(false), "a wrong password stays wrong")
        }
        #expect(machine.opening == 0)
        #expect(machine.waitingCount == 0)
    }

    @Test func `a closed pool refuses and takes nothing back`() {
        var machine = Machine(capacity: 2, waitersMax: 9)
        _ = machine.enqueue(id: 1, "a", until: Self.at(5))
        _ = machine.opened(1)
        _ = machine.enqueue(id: 2, "b", until: Self.at(5))
        let rest = machine.close()
        #expect(rest.waiters == ["b"])
        #expect(rest.idle.isEmpty)
        #expect(rejection(machine.enqueue(id: 3, "c", until: Self.at(5))) == .poolClosed)
        guard case .close = machine.released(1) else { return #expect(Bool(false), "the pool is closed") }
        #expect(machine.open == 0)
    }

    /// Whatever happens, no more connections than allowed, no waiter lost, none served twice, order kept.
    @Test(arguments: 0..<50)
    func `random traffic keeps the books`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = PoolMachine<Int, UInt64>(capacity: 3, waitersMax: 6)
        var waiting: [UInt64] = []
        var leased: [Int] = []
        var toOpen = 0
        var nextID: UInt64 = 0
        var nextConnection = 0
        func place(_ placement: PoolMachine<Int, UInt64>.Placement, _ connection: Int) {
            guard case .handOver(let waiter) = placement else { return }
            #expect(waiting.first == waiter)
            waiting.removeFirst()
            leased.append(connection)
        }
        for _ in 0..<400 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                if let connection = machine.takeIdle(where: { _ in true }) {
                    leased.append(connection)
                    continue
                }
                nextID += 1
                if case .wait(let opens) = machine.enqueue(id: nextID, nextID, until: Self.at(1)) {
                    waiting.append(nextID)
                    toOpen += opens ? 1 : 0
                }
            case 2 where toOpen > 0:
                toOpen -= 1
                nextConnection += 1
                place(machine.opened(nextConnection), nextConnection)
            case 3 where !leased.isEmpty:
                let connection = leased.removeFirst()
                place(machine.released(connection), connection)
            case 4 where !leased.isEmpty:
                leased.removeFirst()
                toOpen += machine.discarded() ? 1 : 0
            case 5 where !waiting.isEmpty:
                let id = waiting.remove(at: Int.random(in: waiting.indices, using: &random))
                #expect(machine.cancel(id: id) == id)
            default: break
            }
            #expect(machine.open + machine.opening <= 3)
            #expect(machine.leasedCount == leased.count)
            #expect(machine.waitingCount == waiting.count)
            #expect(machine.opening == toOpen)
            #expect(waiting.isEmpty || machine.idleCount == 0)
        }
    }
}
