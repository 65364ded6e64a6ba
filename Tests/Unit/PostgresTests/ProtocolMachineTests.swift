import Postgres
import Testing

@Suite("The protocol machine")
struct ProtocolMachineTests {
    private static let start = MonotonicTime(nanoseconds: 0)
    private static let later = MonotonicTime(nanoseconds: 1000)

    private func connected() -> ProtocolMachine {
        var machine = ProtocolMachine(connectUntil: Self.start)
        machine.connectPolled(.complete)
        return machine
    }

    private func sending(_ steps: [ProtocolMachine.Step]) -> ProtocolMachine {
        var machine = connected()
        for step in steps { machine.sent(step, until: Self.later) }
        machine.flushed(isComplete: true)
        return machine
    }

    @Test func `a handshake waits for what libpq asks for and has a deadline until it is done`() {
        var machine = ProtocolMachine(connectUntil: Self.later)
        #expect(machine.interest == .writable)
        #expect(machine.deadline == Self.later)
        machine.connectPolled(.reading)
        #expect(machine.interest == .readable)
        #expect(!machine.acceptsStatements)
        machine.connectPolled(.complete)
        #expect(machine.acceptsStatements)
        #expect(machine.deadline == nil)
        #expect(machine.isIdle)
    }

    @Test func `a failed handshake closes`() {
        var machine = ProtocolMachine(connectUntil: Self.later)
        machine.connectPolled(.failed)
        #expect(machine.phase == .closed)
        #expect(machine.interest == [])
        #expect(machine.answered(.success) == .nothing)
    }

    @Test func `unsent data is waited for in both directions`() {
        var machine = connected()
        #expect(machine.interest == .readable)
        machine.sent(.statement, until: Self.later)
        machine.flushed(isComplete: false)
        #expect(machine.interest == [.readable, .writable])
        #expect(!machine.isIdle)
        machine.flushed(isComplete: true)
        #expect(machine.interest == .readable)
    }

    @Test func `a prepared group is answered step by step`() {
        var machine = sending([.prepare(name: "s1"), .statement, .statement, .synchronization])
        #expect(machine.answered(.success) == .prepared(name: "s1"))
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.success) == .result)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.success) == .result)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.deadline == Self.later)
        #expect(machine.answered(.synchronized) == .finished)
        #expect(machine.deadline == nil)
        #expect(machine.isIdle)
    }

    @Test func `a failure skips the rest of its group and not the next group`() {
        var machine = sending([
            .statement, .statement, .prepare(name: "s2"), .statement, .synchronization, .statement, .synchronization,
        ])
        #expect(machine.answered(.failure) == .failure)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.skipped) == .nothing)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.skipped) == .notPrepared(name: "s2", isFirst: false))
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.skipped) == .nothing)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.synchronized) == .finished)
        #expect(machine.answered(.success) == .result)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.synchronized) == .finished)
        #expect(machine.isIdle)
    }

    @Test func `a failed preparation is the first failure of its group`() {
        var machine = sending([.prepare(name: "s1"), .statement, .synchronization])
        #expect(machine.answered(.failure) == .notPrepared(name: "s1", isFirst: true))
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.skipped) == .nothing)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.synchronized) == .finished)
    }

    @Test(arguments: [true, false])
    func `an error in place of a synchronisation fails the group that seemed to succeed`(_ endsFirst: Bool) {
        var machine = sending([.statement, .synchronization, .statement, .synchronization])
        #expect(machine.answered(.success) == .result)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.failure) == .failure)
        if endsFirst { #expect(machine.answered(.end) == .nothing) }
        #expect(machine.answered(.synchronized) == .finished)
        #expect(machine.answered(.success) == .result)
    }

    @Test func `the driver's own commands fail without a word to the caller behind them`() {
        var machine = sending([.housekeeping, .housekeepingSynchronization, .statement, .synchronization])
        #expect(machine.answered(.failure) == .nothing)
        #expect(machine.answered(.end) == .nothing)
        #expect(machine.answered(.synchronized) == .nothing)
        #expect(machine.answered(.success) == .result)
    }

    @Test(arguments: [
        ProtocolMachine.Answer.end, .synchronized, .copyIn, .copyOut, .skipped,
    ])
    func `an answer that does not fit is a violation`(_ answer: ProtocolMachine.Answer) {
        var machine = sending([.statement, .synchronization])
        #expect(machine.answered(answer) == .violation)
    }

    @Test func `an answer that nobody asked for is a violation`() {
        var machine = connected()
        #expect(machine.answered(.success) == .violation)
    }

    @Test func `a success after a failure in the same group is a violation`() {
        var machine = sending([.statement, .statement, .synchronization])
        _ = machine.answered(.failure)
        _ = machine.answered(.end)
        #expect(machine.answered(.success) == .violation)
    }

    @Test func `progress moves a running deadline and starts none`() {
        var machine = sending([.statement, .synchronization])
        machine.progressed(until: MonotonicTime(nanoseconds: 5000))
        #expect(machine.deadline == MonotonicTime(nanoseconds: 5000))
        var idle = connected()
        idle.progressed(until: Self.later)
        #expect(idle.deadline == nil)
    }

    @Test func `an idle connection listens for the server's end without a deadline`() {
        let machine = connected()
        #expect(machine.interest == .readable)
        #expect(machine.deadline == nil)
        #expect(!machine.expectsAnswers)
    }

    @Test func `nothing is started after unasked input before the socket is quiet`() {
        var machine = connected()
        machine.looked(hadInput: true)
        #expect(!machine.acceptsStatements)
        #expect(machine.mustLookAgain)
        machine.looked(hadInput: false)
        #expect(machine.acceptsStatements)
        #expect(!machine.mustLookAgain)
    }

    @Test func `input that was asked for does not hold up the next request`() {
        var machine = sending([.statement, .synchronization])
        machine.looked(hadInput: true)
        #expect(machine.acceptsStatements)
    }

    @Test func `a script leaves pipeline mode and comes back`() {
        var machine = connected()
        machine.sentScript(until: Self.later)
        #expect(!machine.acceptsStatements)
        #expect(machine.expectsAnswers)
        #expect(machine.deadline == Self.later)
        machine.flushed(isComplete: true)
        machine.resumedPipeline()
        #expect(machine.isIdle)
        #expect(machine.deadline == nil)
    }

    @Test func `rows on their way out are not read before somebody asks`() {
        var machine = connected()
        machine.sentScript(until: Self.later)
        machine.flushed(isComplete: true)
        machine.startedCopyOut()
        #expect(machine.interest == [])
        machine.wantsCopyData(true, until: Self.later)
        #expect(machine.interest == .readable)
        #expect(machine.deadline == Self.later)
        machine.wantsCopyData(false, until: nil)
        #expect(machine.interest == [])
        #expect(machine.deadline == nil)
        machine.endedCopy(until: Self.later)
        #expect(machine.expectsAnswers)
    }

    @Test func `rows on their way in have a deadline only while they leave`() {
        var machine = connected()
        machine.sentScript(until: Self.later)
        machine.flushed(isComplete: true)
        machine.startedCopyIn()
        #expect(machine.deadline == nil)
        machine.sentCopyData(until: Self.later)
        #expect(machine.interest == [.readable, .writable])
        #expect(machine.deadline == Self.later)
        machine.flushed(isComplete: true)
        machine.copyDataFlushed()
        #expect(machine.deadline == nil)
    }

    /// A model of a server answers random groups; the machine must give exactly one verdict per caller's group.
    @Test(arguments: 0..<50)
    func `random groups are finished in order`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = connected()
        for _ in 0..<20 {
            let groups = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (statements: Int.random(in: 1...6, using: &random), failing: Int.random(in: 0...8, using: &random))
            }
            for group in groups {
                for _ in 0..<group.statements { machine.sent(.statement, until: Self.later) }
                machine.sent(.synchronization, until: Self.later)
            }
            machine.flushed(isComplete: true)
            for group in groups {
                for place in 0..<group.statements {
                    switch place {
                    case ..<group.failing: #expect(machine.answered(.success) == .result)
                    case group.failing: #expect(machine.answered(.failure) == .failure)
                    default: #expect(machine.answered(.skipped) == .nothing)
                    }
                    #expect(machine.answered(.end) == .nothing)
                }
                #expect(machine.answered(.synchronized) == .finished)
            }
            #expect(machine.isIdle)
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
