import NIOCore
import ServiceKit
import Support
import Testing

struct AdmissionQueueTests {
    private let start = ContinuousClock.now

    private func queue(inHand: Int, waiting: Int) -> AdmissionQueue {
        AdmissionQueue(AdmissionQueue.Bounds(inHand: inHand, waiting: waiting), now: start)
    }

    @Test func `beyond the bound some wait, and beyond those nobody does`() {
        var queue = queue(inHand: 2, waiting: 1)
        #expect(queue.arrive(1, at: start) == .admitted && queue.arrive(2, at: start) == .admitted)
        #expect(queue.arrive(3, at: start) == .waits)
        #expect(queue.arrive(4, at: start) == .refused)
        #expect(queue.inHand == 2 && queue.waiting == 1 && queue.refused == 1)
        #expect(queue.leave(at: start) == 3)
        #expect(queue.leave(at: start) == nil && queue.leave(at: start) == nil)
        #expect(queue.inHand == 0)
    }

    @Test func `a burst waits its turn, the oldest first`() {
        var queue = queue(inHand: 1, waiting: 10)
        for number in 1...4 { _ = queue.arrive(UInt64(number), at: start) }
        #expect(queue.expire(at: start + .milliseconds(400)) == [])
        #expect(queue.leave(at: start + .milliseconds(400)) == 2)
        #expect(queue.leave(at: start + .milliseconds(450)) == 3)
    }

    @Test func `nobody waits longer than the patience`() {
        var queue = queue(inHand: 1, waiting: 10)
        _ = queue.arrive(1, at: start)
        _ = queue.arrive(2, at: start)
        #expect(queue.nextExpiry(at: start) == start + .milliseconds(500))
        #expect(queue.expire(at: start + .milliseconds(501)) == [2])
        #expect(queue.refused == 1)
    }

    @Test func `while a queue stands, old ones are turned away and the newest is taken`() {
        var queue = queue(inHand: 1, waiting: 100)
        for number in 1...20 { _ = queue.arrive(UInt64(number), at: start + .milliseconds(number * 20)) }
        let later = start + .milliseconds(560)
        _ = queue.arrive(30, at: later - .milliseconds(5))
        _ = queue.arrive(31, at: later)
        #expect(queue.expire(at: later) == (2...20).map { UInt64($0) })
        #expect(queue.leave(at: later) == 31)
        #expect(queue.nextExpiry(at: later) == later + .milliseconds(5))
    }

    @Test func `once the queue has been worked off a burst may wait again`() {
        var queue = queue(inHand: 1, waiting: 100)
        _ = queue.arrive(1, at: start)
        _ = queue.arrive(2, at: start)
        let later = start + .seconds(1)
        #expect(queue.expire(at: later) == [2])
        #expect(queue.leave(at: later) == nil)
        _ = queue.arrive(3, at: later)
        _ = queue.arrive(4, at: later)
        #expect(queue.expire(at: later + .milliseconds(400)) == [])
    }

    @Test func `who gives up is not taken any more`() {
        var queue = queue(inHand: 1, waiting: 10)
        for number in 1...3 { _ = queue.arrive(UInt64(number), at: start) }
        #expect(queue.abandon(2) && !queue.abandon(2) && !queue.abandon(1))
        #expect(queue.leave(at: start) == 3)
    }
}

struct RequestLimitTests {
    private func admission(waiting: Int, patience: Duration = .seconds(30)) -> RequestAdmission {
        RequestAdmission(AdmissionQueue.Bounds(inHand: 1, waiting: waiting, patience: patience))
    }

    @Test func `whoever waits is taken in when somebody leaves`() async throws {
        let admission = admission(waiting: 1)
        #expect(await admission.enter())
        let second = Task { await admission.enter() }
        try await eventually(within: .seconds(10), "it waits") { admission.waiting == 1 }
        #expect(await !admission.enter())
        #expect(admission.refusedTotal == 1)
        admission.leave()
        #expect(await second.value)
        #expect(admission.current == 1)
        admission.leave()
        #expect(admission.current == 0)
    }

    @Test func `whoever has waited too long is turned away although nobody leaves`() async throws {
        let admission = admission(waiting: 8, patience: .milliseconds(30))
        #expect(await admission.enter())
        let answers = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { await admission.enter() } }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(answers == Array(repeating: false, count: 8))
        #expect(admission.current == 1 && admission.waiting == 0)
    }

    @Test func `whoever is cancelled while he waits takes no place`() async throws {
        let admission = admission(waiting: 1)
        #expect(await admission.enter())
        let second = Task { await admission.enter() }
        try await eventually(within: .seconds(10), "it waits") { admission.waiting == 1 }
        second.cancel()
        #expect(await !second.value)
        admission.leave()
        #expect(admission.current == 0 && admission.waiting == 0)
    }

    @Test func `a thousand that come and go leave nothing behind`() async {
        let admission = RequestAdmission(AdmissionQueue.Bounds(inHand: 4, waiting: 2000))
        let most = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    guard await admission.enter() else { return 0 }
                    let inHand = admission.current
                    await Task.yield()
                    admission.leave()
                    return inHand
                }
            }
            return await group.reduce(0) { max($0, $1) }
        }
        #expect((1...4).contains(most))
        #expect(admission.current == 0 && admission.waiting == 0)
    }

    @Test func `work beyond its time is cancelled, work within it is not`() async throws {
        let deadlines = RequestDeadlines(timeout: .milliseconds(50))
        let sweeper = Task { await deadlines.sweep() }
        defer { sweeper.cancel() }
        #expect(try await deadlines.run { 7 } == 7)
        await #expect(throws: CancellationError.self) {
            try await deadlines.run { try await Task.sleep(for: .seconds(60)) }
        }
    }

    @Test func `a caller that goes takes its work along`() async throws {
        let deadlines = RequestDeadlines(timeout: .seconds(60))
        let caller = Task { try await deadlines.run { try await Task.sleep(for: .seconds(60)) } }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
    }
}

struct ClientPaceTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test func `a request that has begun must be whole in time, however often bytes come`() {
        var pace = ClientPace(limit: .seconds(2))
        #expect(pace.deadline == nil)
        pace.received(at: start)
        pace.received(at: start + .seconds(1))
        #expect(pace.deadline == start + .seconds(2))
        pace.receivedWhole()
        #expect(pace.deadline == nil)
    }

    @Test func `an answer must be taken in time`() {
        var pace = ClientPace(limit: .seconds(2))
        pace.writable(false, at: start)
        pace.writable(false, at: start + .seconds(1))
        #expect(pace.deadline == start + .seconds(2))
        pace.writable(true, at: start + .seconds(1))
        #expect(pace.deadline == nil)
    }
}
