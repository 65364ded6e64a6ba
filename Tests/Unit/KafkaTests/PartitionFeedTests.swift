import Foundation
import Kafka
import Support
import Synchronization
import Testing

struct PartitionFeedTests {
    private struct Refusal: Error {}

    private func feed(progressed: @escaping @Sendable (Int) -> Void = { _ in }) -> PartitionFeed {
        PartitionFeed(
            topic: "t", partition: 0,
            limits: PartitionBuffer.Limits(batchRecordsMax: 2, recordsMax: 4, bytesMax: 1 << 20),
            retry: PartitionFeed.Retry(delayMin: .milliseconds(1), delayMax: .milliseconds(4)),
            signals: PartitionFeed.Signals(progressed: progressed, failed: { _, _ in }))
    }

    private func records(_ offsets: Range<Int64>) -> [KafkaIncomingRecord] {
        offsets.map { KafkaIncomingRecord(topic: "t", partition: 0, offset: $0, key: nil, value: nil) }
    }

    @Test func `a handler that throws gets the same batch again, and no other before it`() async throws {
        let calls = Mutex<[[Int64]]>([])
        let feed = feed()
        feed.start { batch in
            let count = calls.withLock { calls in
                calls.append(batch.records.map(\.offset))
                return calls.count
            }
            if count <= 3 { throw Refusal() }
        }
        _ = feed.append(records(0..<4))
        try await eventually(within: .seconds(10), "all delivered") { calls.withLock { $0.last } == [2, 3] }
        #expect(calls.withLock { $0 } == [[0, 1], [0, 1], [0, 1], [0, 1], [2, 3]])
        feed.stop()
    }

    @Test func `after a stop the running handler finishes and its offset counts`() async throws {
        let gate = Gate()
        let feed = feed()
        feed.start { _ in await gate.wait() }
        _ = feed.append(records(0..<4))
        try await eventually(within: .seconds(10), "handler runs") { feed.handlerAge != nil }
        feed.stop()
        #expect(await !feed.ends(within: .milliseconds(20)))
        gate.open()
        #expect(await feed.ends(within: .seconds(10)))
        #expect(feed.takeCompletedOffset() == 2)
    }

    @Test func `a stop ends the pause before the next attempt`() async throws {
        let feed = PartitionFeed(
            topic: "t", partition: 0,
            limits: PartitionBuffer.Limits(batchRecordsMax: 2, recordsMax: 4, bytesMax: 1 << 20),
            retry: PartitionFeed.Retry(delayMin: .seconds(600), delayMax: .seconds(600)),
            signals: PartitionFeed.Signals(progressed: { _ in }, failed: { _, _ in }))
        let calls = Mutex(0)
        feed.start { _ in
            calls.withLock { $0 += 1 }
            throw Refusal()
        }
        _ = feed.append(records(0..<1))
        try await eventually(within: .seconds(10), "handler threw") {
            calls.withLock { $0 } == 1 && feed.handlerAge == nil
        }
        feed.stop()
        #expect(await feed.ends(within: .seconds(10)))
        #expect(feed.takeCompletedOffset() == nil)
        #expect(calls.withLock { $0 } == 1)
    }

    @Test func `a handler that outstays the deadline is cancelled and its offset is not stored`() async throws {
        let wasCancelled = Mutex(false)
        let feed = feed()
        feed.start { _ in
            do {
                try await Task.sleep(for: .seconds(600))
            } catch {
                wasCancelled.withLock { $0 = true }
                throw error
            }
        }
        _ = feed.append(records(0..<1))
        try await eventually(within: .seconds(10), "handler runs") { feed.handlerAge != nil }
        feed.stop()
        #expect(await !feed.ends(within: .milliseconds(10)))
        try await eventually(within: .seconds(10), "handler cancelled") { wasCancelled.withLock { $0 } }
        #expect(feed.takeCompletedOffset() == nil)
    }

    @Test func `pauses between attempts double up to the most`() {
        let retry = PartitionFeed.Retry(delayMin: .milliseconds(100), delayMax: .seconds(5))
        #expect(
            (1...8).map { retry.delay(attempt: $0) }
                == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].map {
                    .milliseconds($0)
                })
        #expect(retry.delay(attempt: 10_000) == .seconds(5))
    }
}

extension PartitionFeed {
    /// Waits on a thread of its own, as the poll thread does: the cooperative pool must not block.
    func ends(within patience: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: self.waitUntilEnded(deadline: .now + patience))
            }
        }
    }
}
