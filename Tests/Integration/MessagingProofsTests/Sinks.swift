import Kafka
import Messaging
import Synchronization

/// Keeps what the relay sends, instead of a broker.
final class RecordingSink: RecordSink {
    private let kept = Mutex<[KafkaOutgoingRecord]>([])

    /// Everything sent so far.
    var records: [KafkaOutgoingRecord] { kept.withLock { $0 } }

    /// The events sent so far; heads of lanes and what is said about replays are left out.
    var events: [KafkaOutgoingRecord] {
        records.filter { record in
            record.text("ce_id") != nil && !record.headers.contains { $0.value.elementsEqual(Self.headsType) }
        }
    }

    private static let headsType = Array(LaneHeadsRecord.type.utf8)

    func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport] {
        kept.withLock { $0 += records }
        return records.map {
            KafkaDeliveryReport(topic: $0.topic, partition: $0.partition ?? 0, offset: nil, error: nil)
        }
    }

    func partitionCount(topic: String, timeout: Duration) async throws -> Int { 3 }
}

/// A producer behind which the broker loses, repeats and shuffles records, and says that all is well.
final class FaithlessSink: RecordSink {
    private let producer: KafkaProducer
    private let generator: Mutex<SeededGenerator>
    private let isFaithless: Mutex<Bool>
    private let losses = Mutex(0)

    init(_ producer: KafkaProducer, seed: UInt64) {
        self.producer = producer
        generator = Mutex(SeededGenerator(seed: seed))
        isFaithless = Mutex(true)
    }

    /// How many records it lost.
    var lost: Int { losses.withLock { $0 } }

    /// From now on it is true.
    func reform() { isFaithless.withLock { $0 = false } }

    func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport] {
        guard isFaithless.withLock({ $0 }) else { return try await producer.send(records, timeout: timeout) }
        let spoilt = generator.withLock { generator -> [KafkaOutgoingRecord] in
            var kept: [KafkaOutgoingRecord] = []
            for (index, record) in records.enumerated() {
                // The last record of every batch is always lost: nothing after it shows that it is missing.
                let isLost = index == records.count - 1 || Int.random(in: 0..<100, using: &generator) < 10
                if isLost {
                    losses.withLock { $0 += 1 }
                    continue
                }
                kept.append(record)
                if Int.random(in: 0..<100, using: &generator) < 10 { kept.append(record) }
            }
            if Int.random(in: 0..<100, using: &generator) < 50 { kept.shuffle(using: &generator) }
            return kept
        }
        let reports = try await producer.send(spoilt, timeout: timeout)
        if let error = reports.lazy.compactMap(\.error).first { throw error }
        return records.map {
            KafkaDeliveryReport(topic: $0.topic, partition: $0.partition ?? 0, offset: nil, error: nil)
        }
    }

    func partitionCount(topic: String, timeout: Duration) async throws -> Int {
        try await producer.partitionCount(topic: topic, timeout: timeout)
    }
}

/// A sink that holds its first batch back until it is let go, as a stopped process does.
final class StoppedSink: RecordSink {
    private let next: any RecordSink
    private let state = Mutex<(isStopped: Bool, hasBatch: Bool)>((true, false))

    init(_ next: any RecordSink) { self.next = next }

    /// Says that a batch is being held.
    var holds: Bool { state.withLock { $0.hasBatch } }

    /// Lets the batch and all later ones through.
    func wake() { state.withLock { $0.isStopped = false } }

    func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport] {
        state.withLock { $0.hasBatch = true }
        // Deliberately deaf to cancellation: a stopped process does not notice that it should end.
        while state.withLock({ $0.isStopped }) { await Task.yield() }
        return try await next.send(records, timeout: timeout)
    }

    func partitionCount(topic: String, timeout: Duration) async throws -> Int {
        try await next.partitionCount(topic: topic, timeout: timeout)
    }
}

/// Sends every record to two clusters, so that a partition can have an owner in each.
struct BothSink: RecordSink {
    let first: any RecordSink
    let second: any RecordSink

    func send(_ records: [KafkaOutgoingRecord], timeout: Duration) async throws -> [KafkaDeliveryReport] {
        let reports = try await second.send(records, timeout: timeout)
        if let error = reports.lazy.compactMap(\.error).first { throw error }
        return try await first.send(records, timeout: timeout)
    }

    func partitionCount(topic: String, timeout: Duration) async throws -> Int {
        try await first.partitionCount(topic: topic, timeout: timeout)
    }
}

/// A small random source that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
