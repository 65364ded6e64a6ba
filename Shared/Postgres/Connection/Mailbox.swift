import CLibpq
import Glibc
import Synchronization

/// The way from any task to a connection's thread: a locked inbox and an eventfd that wakes the thread.
final class Mailbox: Sendable {
    /// What a connection is fit for, as its thread last saw it.
    enum Condition: UInt8, AtomicRepresentable {
        /// Connected, outside a transaction.
        case clean
        /// A transaction or a COPY is open.
        case busy
        /// Lost or closed.
        case broken
    }

    private struct Inbox {
        var exchanges: [Exchange] = []
        var isCloseRequested = false
        var isOver = false
        var closeWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let inbox = Mutex(Inbox())
    private let atomicCondition = Atomic<Condition>(.busy)
    /// Written by callers, read by the thread; closed with the mailbox, which both sides hold.
    let wakeDescriptor: Int32

    /// - Throws: ``PostgresError`` with code `connection` when the process has no file descriptor left.
    init() throws {
        wakeDescriptor = clibpq_wake_descriptor()
        guard wakeDescriptor >= 0 else {
            throw PostgresError(.connection, reason: "no file descriptor is left (errno \(errno))")
        }
    }

    deinit {
        Glibc.close(wakeDescriptor)
    }

    /// What the connection is fit for.
    var condition: Condition {
        get { atomicCondition.load(ordering: .acquiring) }
        set { atomicCondition.store(newValue, ordering: .releasing) }
    }

    /// Hands a request to the thread.
    ///
    /// The first of a burst wakes it, the others find it awake.
    func submit(_ exchange: Exchange) {
        let (isOver, isFirst) = inbox.withLock { inbox in
            if inbox.isOver || inbox.isCloseRequested { return (true, false) }
            inbox.exchanges.append(exchange)
            return (false, inbox.exchanges.count == 1)
        }
        if isOver {
            var error = PostgresError(.connection, reason: "the connection is closed")
            error.wasSent = false
            exchange.fail(error)
        } else if isFirst {
            wake()
        }
    }

    /// Asks the thread to end; what is on its way fails.
    func requestClose() {
        inbox.withLock { $0.isCloseRequested = true }
        wake()
    }

    /// Returns when the thread has ended.
    func waitUntilOver() async {
        await withCheckedContinuation { continuation in
            let isOver = inbox.withLock { inbox in
                if !inbox.isOver { inbox.closeWaiters.append(continuation) }
                return inbox.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// Moves all requests into `exchanges`, which must be empty, and returns whether to close.
    ///
    /// Called by the thread after it has been woken; the two arrays are swapped, so that neither is allocated anew.
    func take(into exchanges: inout [Exchange]) -> Bool {
        var count: UInt64 = 0
        read(wakeDescriptor, &count, MemoryLayout<UInt64>.size)
        return inbox.withLock { inbox in
            swap(&inbox.exchanges, &exchanges)
            return inbox.isCloseRequested
        }
    }

    /// Ends the mailbox: no request is taken from here on.
    ///
    /// Returns what was never looked at. Called by the thread.
    func end() -> [Exchange] {
        condition = .broken
        let (exchanges, waiters) = inbox.withLock { inbox in
            inbox.isOver = true
            defer {
                inbox.exchanges = []
                inbox.closeWaiters = []
            }
            return (inbox.exchanges, inbox.closeWaiters)
        }
        for waiter in waiters { waiter.resume() }
        return exchanges
    }

    private func wake() {
        var one: UInt64 = 1
        write(wakeDescriptor, &one, MemoryLayout<UInt64>.size)
    }
}
