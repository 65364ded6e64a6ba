import Kafka
import Testing

struct PartitionBufferTests {
    private static let limits = PartitionBuffer.Limits(batchRecordsMax: 3, recordsMax: 8, bytesMax: 1_000)

    private func records(_ offsets: Range<Int64>, bytes: Int = 1) -> [KafkaIncomingRecord] {
        offsets.map {
            KafkaIncomingRecord(
                topic: "t", partition: 0, offset: $0, key: nil, value: Array(repeating: 0, count: bytes))
        }
    }

    @Test func `batches are cut in offset order and never larger than allowed`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        _ = buffer.append(records(0..<2))
        _ = buffer.append(records(2..<7))
        var seen: [[Int64]] = []
        while let batch = buffer.takeBatch() {
            seen.append(batch.map(\.offset))
            buffer.complete(lastOffset: batch[batch.count - 1].offset)
        }
        #expect(seen == [[0, 1, 2], [3, 4, 5], [6]])
        #expect(buffer.recordCount == 0 && buffer.byteCount == 0)
    }

    @Test func `a second batch waits until the first is finished`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        _ = buffer.append(records(0..<6))
        #expect(buffer.takeBatch() != nil)
        #expect(buffer.takeBatch() == nil)
        buffer.complete(lastOffset: 2)
        #expect(buffer.takeBatch()?.map(\.offset) == [3, 4, 5])
    }

    @Test func `fetching pauses once at the high mark and resumes once at half of it`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        #expect(buffer.append(records(0..<7)) == .unchanged)
        #expect(buffer.append(records(7..<8)) == .pause)
        #expect(buffer.append(records(8..<9)) == .unchanged)
        #expect(buffer.relieve() == .unchanged)
        _ = buffer.takeBatch()
        #expect(buffer.recordCount == 6)
        #expect(buffer.relieve() == .unchanged)
        buffer.complete(lastOffset: 2)
        _ = buffer.takeBatch()
        #expect(buffer.relieve() == .resume)
        #expect(buffer.relieve() == .unchanged)
        #expect(!buffer.isPaused)
    }

    @Test func `bytes count as well as records`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        #expect(buffer.append(records(0..<1, bytes: 999)) == .unchanged)
        #expect(buffer.append(records(1..<2, bytes: 1)) == .pause)
        #expect(buffer.byteCount == 1_000)
        _ = buffer.takeBatch()
        #expect(buffer.relieve() == .resume)
    }

    @Test func `only finished batches yield an offset, one past their last record, once`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        _ = buffer.append(records(10..<12))
        _ = buffer.takeBatch()
        #expect(buffer.takeCompletedOffset() == nil)
        buffer.complete(lastOffset: 11)
        #expect(buffer.takeCompletedOffset() == 12)
        #expect(buffer.takeCompletedOffset() == nil)
    }

    @Test func `a stopped partition hands out nothing but still says what its handler finished`() {
        var buffer = PartitionBuffer(limits: Self.limits)
        _ = buffer.append(records(0..<6))
        _ = buffer.takeBatch()
        buffer.stop()
        #expect(buffer.recordCount == 0)
        #expect(buffer.append(records(6..<9)) == .unchanged)
        buffer.complete(lastOffset: 2)
        #expect(buffer.takeCompletedOffset() == 3)
        #expect(buffer.takeBatch() == nil)
        #expect(buffer.relieve() == .unchanged)
        #expect(buffer.isStopped)
    }

    @Test(arguments: 1...40)
    func `any schedule hands out every record once and in order, within the bound`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var buffer = PartitionBuffer(limits: Self.limits)
        var next: Int64 = 0
        var handed: [Int64] = []
        var running: Int64?
        var isFetching = true
        for _ in 0..<400 {
            switch random.next() % 4 {
            case 0 where isFetching:
                let count = Int64(random.next() % 5)
                if buffer.append(records(next..<next + count)) == .pause { isFetching = false }
                next += count
            case 1:
                if let batch = buffer.takeBatch() {
                    handed += batch.map(\.offset)
                    running = batch.last?.offset
                }
            case 2:
                if let last = running {
                    buffer.complete(lastOffset: last)
                    #expect(buffer.takeCompletedOffset() == last + 1)
                    running = nil
                }
            default:
                if buffer.relieve() == .resume { isFetching = true }
            }
            #expect(buffer.recordCount < 8 + 5)
            #expect(isFetching != buffer.isPaused)
        }
        #expect(handed == Array(0..<Int64(handed.count)))
        #expect(handed.count + buffer.recordCount == Int(next))
    }
}

/// A small generator with a seed, so that a failure can be seen again.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
