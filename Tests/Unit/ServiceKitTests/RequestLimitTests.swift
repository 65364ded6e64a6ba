import ServiceKit
import Synchronization
import Testing

struct RequestLimitTests {
    @Test func `beyond the limit nobody is taken in until somebody leaves`() {
        let admission = RequestAdmission(limit: 2)
        #expect(admission.enter() && admission.enter())
        #expect(!admission.enter() && !admission.enter())
        #expect(admission.current == 2)
        admission.leave()
        #expect(admission.enter())
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
