/// The steps of a connection's conversation with the server, without a socket.
///
/// The connection reports what it did and what libpq returned; the machine says what an answer means, what to wait for and
/// until when. The rules of pipeline mode (libpq documentation, 34.5): commands are answered in order, each command's
/// results end with a null, a synchronisation is answered alone, and after an error all commands up to the next
/// synchronisation are answered as skipped.
package struct ProtocolMachine {
    /// What a connection does at present.
    package enum Phase: Equatable {
        /// The handshake goes on.
        case connecting
        /// Pipeline mode; idle when nothing is expected.
        case pipeline
        /// One command by the simple protocol.
        case script
        /// COPY from the client.
        case copyingIn
        /// COPY to the client.
        case copyingOut
        /// Over; nothing can be sent any more.
        case closed
    }

    /// A command on its way, in the order of sending.
    package enum Step: Equatable {
        /// Preparation of a statement under a name; empty for the unnamed statement.
        case prepare(name: String)
        /// A caller's statement.
        case statement
        /// A command of the driver itself, whose result nobody asked for.
        case housekeeping
        /// End of a caller's group of statements.
        case synchronization
        /// End of the driver's own group.
        case housekeepingSynchronization
    }

    /// What `PQgetResult` returned.
    package enum Answer: Equatable {
        /// Rows or the end of a command without rows.
        case success
        /// An error.
        case failure
        /// The command was not run, since an earlier one of its group failed.
        case skipped
        /// The end of a group.
        case synchronized
        /// The server waits for rows.
        case copyIn
        /// The server sends rows.
        case copyOut
        /// Null: the results of one command are complete.
        case end
    }

    /// What an answer means for the caller that waits.
    package enum Verdict: Equatable {
        /// The result of the next statement of the group.
        case result
        /// The first failure of the group.
        case failure
        /// The named statement is prepared.
        case prepared(name: String)
        /// The named statement is not prepared; `isFirst` when this is the failure and not its consequence.
        case notPrepared(name: String, isFirst: Bool)
        /// The group of statements is complete.
        case finished
        /// Nothing to do.
        case nothing
        /// The server did not keep to the protocol: give the connection up.
        case violation
    }

    /// Directions in which to wait for the socket.
    package struct Interest: OptionSet {
        /// The directions as bits.
        package let rawValue: UInt8

        /// Makes a set of its bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Until something can be read.
        package static let readable = Interest(rawValue: 1)
        /// Until something can be written.
        package static let writable = Interest(rawValue: 2)
    }

    /// What a handshake step asks for, after `PQconnectPoll`.
    package enum Handshake: Equatable {
        /// Wait until something can be read, and poll again.
        case reading
        /// Wait until something can be written, and poll again.
        case writing
        /// The connection is made.
        case complete
        /// The connection cannot be made.
        case failed
    }

    /// What the connection does at present.
    package private(set) var phase = Phase.connecting
    private var expected = RingBuffer<Step>()
    private var isGroupFailed = false
    /// An error was answered in place of a synchronisation; whether a null follows it depends on libpq's version.
    private var isCommitFailed = false
    private var isFlushPending = false
    /// Something came unasked while nothing was on its way.
    ///
    /// A server that ends says so first and hangs up then: no request is started before the socket is quiet, so that it
    /// can still be moved to another connection.
    private var isUnsettled = false
    private var handshake = Handshake.writing
    private var awaitsEnd = false
    /// Whether a caller asks for rows of a COPY; without, they stay in the network.
    private var isCopyWanted = false
    /// When to give the connection up; `nil` while the server owes nothing.
    package private(set) var deadline: MonotonicTime?

    /// A machine for a connection that must be made until `deadline`.
    package init(connectUntil deadline: MonotonicTime) {
        self.deadline = deadline
    }

    /// Whether a group of statements may be sent.
    ///
    /// Groups may follow each other without waiting.
    package var acceptsStatements: Bool { phase == .pipeline && !isUnsettled }

    /// Whether nothing is on its way, so that pipeline mode can be left, and a broken connection be replaced unseen.
    package var isIdle: Bool { phase == .pipeline && expected.isEmpty && !awaitsEnd && !isFlushPending }

    /// Whether results are to be fetched.
    package var expectsAnswers: Bool {
        switch phase {
        case .pipeline: !expected.isEmpty || awaitsEnd
        case .script: true
        case .connecting, .copyingIn, .copyingOut, .closed: false
        }
    }

    /// Whether the buffer of libpq has not reached the socket yet.
    package var hasUnsentData: Bool { isFlushPending }

    /// Whether the socket is to be looked at again without waiting, before anything is started.
    package var mustLookAgain: Bool { isUnsettled }

    /// The socket was looked at, and what it held was interpreted.
    package mutating func looked(hadInput: Bool) {
        isUnsettled = hadInput && isIdle
    }

    /// What to wait for.
    ///
    /// While data waits to be sent the answers must be read as well, or both sides stand (libpq documentation,
    /// `PQflush`).
    package var interest: Interest {
        switch phase {
        case .connecting: handshake == .reading ? .readable : .writable
        case .pipeline, .script, .copyingIn: isFlushPending ? [.readable, .writable] : .readable
        case .copyingOut: isCopyWanted ? .readable : []
        case .closed: []
        }
    }

    /// A step of the handshake was taken.
    package mutating func connectPolled(_ step: Handshake) {
        guard phase == .connecting else { return }
        handshake = step
        switch step {
        case .reading, .writing: break
        case .complete:
            phase = .pipeline
            deadline = nil
        case .failed: close()
        }
    }

    /// A command was handed to libpq, which must be answered until `deadline`.
    package mutating func sent(_ step: Step, until deadline: MonotonicTime) {
        expected.append(step)
        isFlushPending = true
        self.deadline = deadline
    }

    /// `PQflush` has sent everything, or not.
    package mutating func flushed(isComplete: Bool) {
        isFlushPending = !isComplete
    }

    /// Something arrived or left in time: the server lives, and the next wait has the whole time again.
    package mutating func progressed(until deadline: MonotonicTime) {
        if self.deadline != nil { self.deadline = deadline }
    }

    /// Interprets a result in pipeline mode.
    package mutating func answered(_ answer: Answer) -> Verdict {
        guard phase == .pipeline else { return phase == .closed ? .nothing : .violation }
        if answer == .end {
            guard awaitsEnd || isCommitFailed else { return .violation }
            awaitsEnd = false
            isCommitFailed = false
            return .nothing
        }
        guard !awaitsEnd, let next = expected.first else { return .violation }
        if answer == .failure, next == .synchronization || next == .housekeepingSynchronization {
            // The implicit commit of the group failed, as with a deferred constraint, or the session ended: the answer to
            // the synchronisation itself is still to come.
            isGroupFailed = true
            isCommitFailed = true
            return .failure
        }
        guard let step = expected.popFirst() else { return .violation }
        if answer == .synchronized { return synchronized(step) }
        awaitsEnd = true
        switch (answer, step) {
        case (.success, .statement): return isGroupFailed ? .violation : .result
        case (.success, .prepare(let name)): return isGroupFailed ? .violation : .prepared(name: name)
        case (.success, .housekeeping): return .nothing
        case (.failure, .housekeeping), (.skipped, .housekeeping): return .nothing
        case (.failure, .statement), (.failure, .prepare):
            guard !isGroupFailed else { return .violation }
            isGroupFailed = true
            if case .prepare(let name) = step { return .notPrepared(name: name, isFirst: true) }
            return .failure
        case (.skipped, .statement): return isGroupFailed ? .nothing : .violation
        case (.skipped, .prepare(let name)):
            return isGroupFailed ? .notPrepared(name: name, isFirst: false) : .violation
        default: return .violation
        }
    }

    private mutating func synchronized(_ step: Step) -> Verdict {
        if expected.isEmpty { deadline = nil }
        isCommitFailed = false
        switch step {
        case .synchronization:
            isGroupFailed = false
            return .finished
        case .housekeepingSynchronization:
            isGroupFailed = false
            return .nothing
        case .prepare, .statement, .housekeeping: return .violation
        }
    }
}

// MARK: - Outside pipeline mode

extension ProtocolMachine {
    /// A command was sent by the simple protocol, after pipeline mode was left.
    package mutating func sentScript(until deadline: MonotonicTime) {
        phase = .script
        isFlushPending = true
        self.deadline = deadline
    }

    /// The server waits for rows; none are awaited from it, so no deadline runs.
    package mutating func startedCopyIn() {
        phase = .copyingIn
        deadline = nil
    }

    /// Rows were handed to libpq.
    package mutating func sentCopyData(until deadline: MonotonicTime) {
        isFlushPending = true
        self.deadline = deadline
    }

    /// The rows have left; until the next ones the caller, not the server, is waited for.
    package mutating func copyDataFlushed() {
        deadline = nil
    }

    /// The server sends rows.
    package mutating func startedCopyOut() {
        phase = .copyingOut
        isCopyWanted = false
        deadline = nil
    }

    /// A caller asks for rows, or has them.
    package mutating func wantsCopyData(_ isWanted: Bool, until deadline: MonotonicTime?) {
        isCopyWanted = isWanted
        self.deadline = deadline
    }

    /// The rows have ended; the outcome of the command follows.
    package mutating func endedCopy(until deadline: MonotonicTime) {
        phase = .script
        self.deadline = deadline
    }

    /// The command is over and pipeline mode entered again.
    package mutating func resumedPipeline() {
        phase = .pipeline
        deadline = nil
    }

    /// The connection is over.
    package mutating func close() {
        phase = .closed
        deadline = nil
        isFlushPending = false
    }
}
