import AsyncHTTPClient
import Foundation
import Models
import NIOCore
import NIOHTTP1
import Postgres
import Support
import Synchronization

/// What a service does when five times as much is asked of it as it can do, and how soon it is over it.
struct OverloadBenchmarks {
    private let clients = 64
    private let capacitySeconds = 8.0
    private let overloadSeconds = 10.0
    private let recoverySeconds = 6.0
    private let factor = 5.0

    func overload() async throws -> [Measurement] {
        let stage = try await GridStage.start("bench_overload")
        let service = stage.service
        let samples = try BenchmarkCounty.reports(service.token)
        let capacity = try await capacity(service, samples)
        let probes = Probes(url: service.url + "/livez")
        let probing = Task { await probes.run() }
        let record = try await LoadProcess.run(
            LoadPlan(
                port: service.port, path: "/v1/incidents", samples: samples,
                phases: [
                    LoadPlan.Phase(rate: capacity * factor, connections: 1500, seconds: overloadSeconds),
                    LoadPlan.Phase(rate: capacity * 0.8, connections: 1500, seconds: recoverySeconds),
                ]))
        probing.cancel()
        await probing.value
        await stage.stop()
        return [accepted(record, capacity, probes), refused(record), recovery(record, capacity)]
    }

    /// What as many clients as are taken in hand get done, after a moment to warm up.
    private func capacity(_ service: RunningService, _ samples: [LoadPlan.Sample]) async throws -> Double {
        let record = try await LoadProcess.run(
            LoadPlan(
                port: service.port, path: "/v1/incidents", samples: samples,
                phases: [LoadPlan.Phase(rate: nil, connections: clients, seconds: capacitySeconds)]))
        let warm = 2.0
        let done = record.durations(from: warm, to: capacitySeconds) { $0 == 201 }.count
        return Double(done) / (capacitySeconds - warm)
    }

    private func accepted(_ record: LoadRecord, _ capacity: Double, _ probes: Probes) -> Measurement {
        let accepted = record.durations(from: 0, to: overloadSeconds) { $0 == 201 }
        let p99 = percentile(accepted, 0.99)
        let sent = record.durations(from: 0, to: overloadSeconds) { _ in true }.count
        let figures = probes.figures
        return Measurement(
            what: "accepted requests at \(factor.places(0)) × the capacity, p99", figure: "\(p99.places(0)) ms",
            budget: "1 000 ms", isMet: p99 < 1000 && figures.failures == 0,
            note: "capacity \(capacity.places(0)) /s; sent \((Double(sent) / overloadSeconds).places(0)) /s, accepted "
                + "\((Double(accepted.count) / overloadSeconds).places(0)) /s, \(record.missed[0]) more were due and found "
                + "no connection; p50 \(percentile(accepted, 0.5).places(0)) ms; probes meanwhile: \(figures.count), "
                + "failed \(figures.failures), slowest \(figures.slowest.places(0)) ms; generator, service and PostgreSQL "
                + "share the cores")
    }

    private func refused(_ record: LoadRecord) -> Measurement {
        let refused = record.durations(from: 0, to: overloadSeconds) { $0 == 503 }
        let others = record.durations(from: 0, to: overloadSeconds) { $0 != 503 && $0 != 201 }.count
        let p99 = percentile(refused, 0.99)
        return Measurement(
            what: "refused requests at \(factor.places(0)) × the capacity, p99", figure: "\(p99.places(0)) ms",
            budget: "1 000 ms", isMet: p99 < 1000 && others == 0,
            note: "\(refused.count) with 503, p50 \(percentile(refused, 0.5).places(0)) ms; other answers: \(others)")
    }

    /// From the end of the overload to the last quarter of a second in which not nearly all of what was offered was done.
    private func recovery(_ record: LoadRecord, _ capacity: Double) -> Measurement {
        let (window, offered) = (0.25, capacity * 0.8)
        let windows = Int((recoverySeconds - 1) / window)
        let lastBad = (0..<windows).last { index in
            let start = overloadSeconds + Double(index) * window
            let done = record.durations(from: start, to: start + window) { $0 == 201 }.count
            return Double(done) < 0.9 * offered * window
        }
        let seconds = lastBad.map { Double($0 + 1) * window } ?? 0
        return Measurement(
            what: "accepted rate back after the overload", figure: "within \(max(seconds, window).places(2)) s",
            budget: "2 s", isMet: seconds <= 2 && seconds < recoverySeconds - 1,
            note: "0.8 × the capacity goes on being offered; back is 90 % of it in every later quarter of a second")
    }
}

/// Asks a probe all the time, as a load balancer does.
private final class Probes: Sendable {
    struct Figures {
        var count = 0
        var failures = 0
        /// In milliseconds.
        var slowest = 0.0
    }

    private let url: String
    private let state = Mutex(Figures())

    init(url: String) { self.url = url }

    var figures: Figures { state.withLock { $0 } }

    func run() async {
        // A cancelled sleep is the end.
        while (try? await Task.sleep(for: .milliseconds(100))) != nil {
            let start = ContinuousClock.now
            // An answer that does not come is counted as a failure.
            let answer = try? await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
            if Task.isCancelled { return }
            let took = (ContinuousClock.now - start).inSeconds * 1000
            state.withLock { figures in
                figures.count += 1
                if answer?.status != .ok { figures.failures += 1 }
                figures.slowest = max(figures.slowest, took)
            }
        }
    }
}
