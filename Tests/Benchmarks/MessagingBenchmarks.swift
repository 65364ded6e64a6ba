import Foundation
import Kafka
import Messaging
import Models
import Postgres
import Support

/// How fast a backlog is drained and applied, and how soon a single event is.
struct MessagingBenchmarks {
    let backlog: Int
    let rounds: Int

    /// The relay alone: a backlog in the outbox until the broker has acknowledged all of it.
    func relayDrain() async throws -> Measurement {
        var rates: [Double] = []
        for _ in 0..<rounds {
            let stage = try await MessagingStage.make()
            try await stage.fillOutbox(backlog)
            let runtime = stage.runtime(writing: stage.producer)
            let time = try await seconds {
                try await stage.running([runtime]) {
                    try await eventually(within: .seconds(120), "drained") {
                        runtime.metrics.snapshot.lastTick > 0
                    }
                }
            }
            rates.append(Double(backlog) / time)
            await stage.remove()
        }
        let rate = median(rates)
        return Measurement(
            what: "relay draining \(backlog) events of 300 bytes", figure: "\(rate.places(0)) /s", budget: "50 000 /s",
            isMet: rate >= 50_000,
            note: "start of the relay, its lock and its first tick included; runs: "
                + rates.map { $0.places(0) }.joined(separator: ", "))
    }

    /// A reader with a projection: the backlog lies with the broker until all of it is applied.
    func consumerApply() async throws -> Measurement {
        var rates: [Double] = []
        // The emulated broker keeps 5 MB a partition: more than this would partly be asked for again.
        let count = min(backlog, 60_000)
        var batches: [Double] = []
        for _ in 0..<rounds {
            let stage = try await MessagingStage.make()
            try await stage.fillOutbox(count)
            let writing = stage.runtime(writing: stage.producer)
            try await stage.running([writing]) {
                try await eventually(within: .seconds(120), "drained") { writing.metrics.snapshot.lastTick > 0 }
            }
            let reading = stage.runtimeReading()
            var first: ContinuousClock.Instant?
            try await stage.running([reading]) {
                try await eventually(within: .seconds(120), "applied") {
                    let applied = reading.metrics.snapshot.readers["cloud-gateway"]?.applied ?? 0
                    // Joining the group takes the emulation three seconds: the clock starts with the first batch.
                    if applied > 0, first == nil { first = .now }
                    return applied >= count
                }
            }
            guard let first else { throw BenchmarkFailure("nothing was applied") }
            rates.append(Double(count) / (ContinuousClock.now - first).inSeconds)
            batches.append(try await stage.batches())
            await stage.remove()
        }
        let rate = median(rates)
        return Measurement(
            what: "consumer applying a projection", figure: "\(rate.places(0)) /s", budget: "20 000 /s",
            isMet: rate >= 20_000,
            note: "\(count) events on 10 000 keys in \(median(batches).places(0)) batches, fsync on; runs: "
                + rates.map { $0.places(0) }.joined(separator: ", "))
    }

    /// A hundred events a second: from the commit here to the commit there.
    func latency() async throws -> Measurement {
        let stage = try await MessagingStage.make()
        let runtimes = [stage.runtime(writing: stage.producer), stage.runtimeReading()]
        let count = 1000
        var latencies: [Double] = []
        try await stage.running(runtimes) {
            let warm = try stage.event(9_999)
            try await stage.outbox.transaction { _ in ((), [warm]) }
            try await eventually(within: .seconds(30), "the first is applied") {
                runtimes[1].metrics.snapshot.readers["cloud-gateway"]?.applied ?? 0 >= 1
            }
            var committed: [String: Date] = [:]
            let clock = ContinuousClock()
            let start = clock.now
            for index in 0..<count {
                let event = try stage.event(index)
                try await stage.outbox.transaction { _ in ((), [event]) }
                committed[event.key] = Date()
                try await clock.sleep(until: start + .milliseconds(10) * (index + 1))
            }
            try await eventually(within: .seconds(30), "all are applied") {
                runtimes[1].metrics.snapshot.readers["cloud-gateway"]?.applied ?? 0 >= count + 1
            }
            for row in try await stage.readerPool.query("select code, applied_at from divisions").rows {
                guard let at = committed[try row.decode("code")] else { continue }
                latencies.append((try row.decode("applied_at", as: Date.self)).timeIntervalSince(at) * 1000)
            }
        }
        await stage.remove()
        let (p50, p99) = (percentile(latencies, 0.5), percentile(latencies, 0.99))
        return Measurement(
            what: "commit → applied in another service, 100 events/s",
            figure: "p50 \(p50.places(1)) ms, p99 \(p99.places(1)) ms", budget: "p50 10 ms, p99 50 ms",
            isMet: p50 <= 10 && p99 <= 50,
            note: "\(latencies.count) events; from COMMIT's answer to the statement that applies it, the reader's own "
                + "commit not in it; the emulation answers an empty fetch only every 5 ms")
    }
}
