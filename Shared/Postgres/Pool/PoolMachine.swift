/// Who gets which connection when: the queue of a pool, without connections, clocks and locks.
///
/// Waiting callers are served strictly in order. A caller never overtakes one that waits. A new connection is opened
/// only for a caller who waits, and no more are being opened than there are callers waiting.
package struct PoolMachine<Connection, Waiter> {
    /// What to do with a connection that became free.
    package enum Placement {
        /// It was given to the caller who waited longest.
        case handOver(Waiter)
        /// It is idle.
        case keep
        /// The pool is closed.
        case close
    }

    /// What a caller who found no free connection must do.
    package enum Queueing {
        /// Wait; if so told, a connection is to be opened.
        case wait(opens: Bool)
        /// Waiting makes no sense.
        case reject(PostgresError)
    }

    /// What to do after a connection could not be made.
    package enum OpenFailure {
        /// Callers wait: try again.
        case retry
        /// Stop trying, and fail these callers.
        case stop([Waiter])
    }

    private struct Entry {
        let id: UInt64
        let waiter: Waiter
        let deadline: MonotonicTime
    }

    private let capacity: Int
    private let waitersMax: Int
    /// Free connections; the last one is the warmest and goes first.
    private var idle: [Connection] = []
    private var waiters = RingBuffer<Entry>()
    private var connectFailure: PostgresError?
    /// Connections that are made, idle or on loan.
    package private(set) var open = 0
    /// Connections that are being made.
    package private(set) var opening = 0
    /// Whether the pool is closed.
    package private(set) var isClosed = false
    /// Connections given to callers since the start.
    package private(set) var acquiredTotal = 0
    /// Callers who waited in vain since the start.
    package private(set) var timeoutsTotal = 0
    /// Connections that were lost or given up since the start.
    package private(set) var discardedTotal = 0

    /// Makes an empty pool of `capacity` connections at most, 1 and more, for which `waitersMax` callers may wait.
    package init(capacity: Int, waitersMax: Int) {
        self.capacity = max(1, capacity)
        self.waitersMax = max(0, waitersMax)
    }

    /// Connections that nobody uses.
    package var idleCount: Int { idle.count }
    /// Callers who wait.
    package var waitingCount: Int { waiters.count }
    /// Connections that callers use.
    package var leasedCount: Int { open - idle.count }

    /// Gives a free connection, if nobody waits for one.
    ///
    /// Those that are not usable any more are dropped.
    package mutating func takeIdle(where isUsable: (Connection) -> Bool) -> Connection? {
        guard waiters.isEmpty, !isClosed else { return nil }
        while let connection = idle.popLast() {
            if isUsable(connection) {
                acquiredTotal += 1
                return connection
            }
            open -= 1
            discardedTotal += 1
        }
        return nil
    }

    /// Puts a caller at the end of the queue.
    package mutating func enqueue(id: UInt64, _ waiter: Waiter, until deadline: MonotonicTime) -> Queueing {
        if isClosed { return .reject(PostgresError(.poolClosed)) }
        guard waiters.count < waitersMax || opening + open < capacity else {
            return .reject(PostgresError(.poolExhausted, reason: "\(waiters.count) callers wait already"))
        }
        waiters.append(Entry(id: id, waiter: waiter, deadline: deadline))
        return .wait(opens: startsOpening())
    }

    /// A connection came back, or was newly made.
    private mutating func place(_ connection: Connection) -> Placement {
        if isClosed {
            open -= 1
            return .close
        }
        if let entry = waiters.popFirst() {
            acquiredTotal += 1
            return .handOver(entry.waiter)
        }
        idle.append(connection)
        return .keep
    }

    /// A caller gave a connection back in good order.
    package mutating func released(_ connection: Connection) -> Placement {
        place(connection)
    }

    /// A connection that somebody had is of no more use.
    ///
    /// Returns whether another is to be opened.
    package mutating func discarded() -> Bool {
        open -= 1
        discardedTotal += 1
        return startsOpening()
    }

    /// Idle connections may have been lost.
    ///
    /// Removes those that are not usable.
    package mutating func removeIdle(where isLost: (Connection) -> Bool) {
        let before = idle.count
        idle.removeAll(where: isLost)
        open -= before - idle.count
        discardedTotal += before - idle.count
    }

    /// A connection was made.
    package mutating func opened(_ connection: Connection) -> Placement {
        opening -= 1
        open += 1
        connectFailure = nil
        return place(connection)
    }

    /// A connection could not be made.
    package mutating func openFailed(_ error: PostgresError) -> OpenFailure {
        connectFailure = error
        if waiters.isEmpty || isClosed {
            opening -= 1
            return .stop([])
        }
        if error.isTransientConnectFailure { return .retry }
        opening -= 1
        // Callers behind others that still have connections need not fail: those connections come back.
        return .stop(open == 0 ? waiters.removeAll().map(\.waiter) : [])
    }

    /// A caller no longer wants to wait.
    ///
    /// Returns it unless it was served before.
    package mutating func cancel(id: UInt64) -> Waiter? {
        waiters.removeFirst { $0.id == id }?.waiter
    }

    /// Removes the callers whose time is over and says what to tell them, and when to look again.
    package mutating func expire(at now: MonotonicTime) -> (
        expired: [Waiter], error: PostgresError, next: MonotonicTime?
    ) {
        var expired: [Waiter] = []
        var next: MonotonicTime?
        // Deadlines of different callers need not be in order.
        for entry in waiters.removeAll() {
            if entry.deadline <= now {
                expired.append(entry.waiter)
            } else {
                waiters.append(entry)
                next = min(next ?? entry.deadline, entry.deadline)
            }
        }
        timeoutsTotal += expired.count
        let error = open == 0 ? connectFailure ?? PostgresError(.poolExhausted) : PostgresError(.poolExhausted)
        return (expired, error, next)
    }

    /// Ends the pool.
    ///
    /// Returns the callers to be refused and the connections to be closed; those on loan come back later.
    package mutating func close() -> (waiters: [Waiter], idle: [Connection]) {
        isClosed = true
        defer {
            open -= idle.count
            idle = []
        }
        return (waiters.removeAll().map(\.waiter), idle)
    }

    private mutating func startsOpening() -> Bool {
        guard !isClosed, opening < waiters.count, open + opening < capacity else { return false }
        opening += 1
        return true
    }
}
