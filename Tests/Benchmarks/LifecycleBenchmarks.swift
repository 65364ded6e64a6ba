import Foundation
import Models
import Postgres
import Support

/// The life of an incident over HTTP, by how many are stored already: reported, taken in, handled, found.
struct LifecycleBenchmarks {
    private let clients = 50
    private let seconds = 12.0
    private let warm = 2.0
    private let sizes = [0, 100_000, 1_000_000]
    /// Lifecycles a second, one phase after the other.
    private let spikes: [Double] = [1, 15, 1, 25, 2, 35, 10]
    private let spikeSeconds = 10.0

    func lifecycle() async throws -> [Measurement] {
        let stage = try await GridStage.start("bench_lifecycle")
        let service = stage.service
        var table: [Measurement] = []
        var empty: Double?
        for size in sizes {
            try await Self.store(upTo: size, in: stage.database)
            let record = try await load(service, [LoadPlan.Phase(rate: nil, connections: clients, seconds: seconds)])
            let rate = Double(record.durations(from: warm, to: seconds) { $0 == 200 }.count) / (seconds - warm)
            table.append(measurement(record, stored: size, rate: rate, empty: empty))
            empty = empty ?? rate
        }
        table.append(
            spike(
                try await load(
                    service, spikes.map { LoadPlan.Phase(rate: $0, connections: clients, seconds: spikeSeconds) })))
        await stage.stop()
        return table
    }

    private func load(_ service: RunningService, _ phases: [LoadPlan.Phase]) async throws -> LoadRecord {
        try await LoadProcess.run(
            LoadPlan(
                port: service.port, path: "/v1/incidents", script: .lifecycle,
                samples: try BenchmarkCounty.reports(service.token), phases: phases))
    }

    private func measurement(_ record: LoadRecord, stored: Int, rate: Double, empty: Double?) -> Measurement {
        let failed = record.statuses.count { $0 != 200 }
        let calls = record.calls.filter { $0.count == 4 }
        let medians = (0..<4).map { call in median(calls.map { $0[call] }).places(1) }
        let share = empty.map { rate / $0 }
        return Measurement(
            what: "lifecycles a second with \(stored) incidents stored, \(clients) clients",
            figure: "\(rate.places(0)) /s" + (share.map { " = \($0.places(2)) × the empty database" } ?? ""),
            budget: stored == 1_000_000 ? "400 /s, 0.9 ×" : "400 /s",
            isMet: rate >= 400 && failed == 0 && (stored < 1_000_000 || (share ?? 1) >= 0.9),
            note:
                "report, take in, handle, full-text search; medians of the calls \(medians.joined(separator: ", ")) ms; "
                + "\(record.statuses.count) lifecycles, \(failed) failed; clients, service, broker and PostgreSQL share the "
                + "cores")
    }

    private func spike(_ record: LoadRecord) -> Measurement {
        let failed = record.statuses.count { $0 != 200 } + record.missed.reduce(0, +)
        let p95 = percentile(record.latencies, 0.95)
        return Measurement(
            what: "spikes of " + spikes.map { $0.places(0) }.joined(separator: ", ") + " lifecycles a second, p95",
            figure: "\(p95.places(0)) ms", budget: "1 000 ms, no error", isMet: p95 < 1000 && failed == 0,
            note: "1 000 000 stored; \(record.latencies.count) lifecycles, \(failed) failed or not begun; p50 "
                + "\(percentile(record.latencies, 0.5).places(0)) ms")
    }

    /// Fills the table with closed incidents of the past, as years of work would have.
    private static func store(upTo size: Int, in database: PostgresConfiguration) async throws {
        let administrator = try await PostgresConnection.connect(database)
        try await administrator.script(
            """
            set statement_timeout = 0;
            insert into grid.incidents (id, number, grid_code, function, function_is_provisional, title, description,
                longitude, latitude, source, urgency, state, reported_at, is_anonymous, is_historical, closed_at, version)
            select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7000' || '8000'
                    || lpad(to_hex(n), 12, '0'))::uuid,
                   'B' || n, '532923100' || (101 + n % \(BenchmarkCounty.communities)) || '001', 'emergencyManagement', false,
                   '井盖缺失', '群众反映,请尽快处理。', 100.5, 25.45, 'resident', 'ordinary',
                   case when n % 50 = 0 then 'handled' else 'closed' end, at, false, false, at, 4
            from (select n, now() - interval '1 day' - n * interval '30 seconds' as at
                  from generate_series((select count(*) from grid.incidents where number like 'B%') + 1, \(size)) n) past;
            insert into grid.incident_words
            select id, grid.incident_words(id, grid_code, title, description) from grid.incidents i
            where not exists (select from grid.incident_words w where w.incident_id = i.id);
            """, timeout: .seconds(600))
        for table in ["incidents", "incident_words"] {
            try await administrator.script("vacuum analyze grid.\(table)", timeout: .seconds(600))
        }
        await administrator.close()
    }
}
