import Foundation
import Models
import Postgres
import Support

/// What a service does over HTTP, against PostgreSQL alone running the same statements.
struct ServiceBenchmarks {
    let clients = 32
    let seconds = 10
    let rounds = 3

    /// Reports of incidents, start and memory of the service that takes them.
    func incidents() async throws -> [Measurement] {
        let stage = try await GridStage.start("bench_grid")
        let service = stage.service
        let idle = service.residentMegabytes
        var pairs: [(ours: Double, bare: Double)] = []
        for _ in 0..<rounds {
            let ours = try await postIncidents(service)
            pairs.append((ours, try await bareStatements(stage.database)))
        }
        let loaded = service.residentMegabytes
        await stage.stop()
        return [
            report(pairs),
            Measurement(
                what: "memory of grid-operations, idle / under load",
                figure: "\(idle.places(0)) / \(loaded.places(0)) MB", budget: "60 / 150 MB",
                isMet: idle <= 60 && loaded <= 150, note: "resident, from /proc; under load: right after the last round"
            ),
            Measurement(
                what: "start to ready", figure: "\(service.startSeconds.places(2)) s", budget: "1 s",
                isMet: service.startSeconds <= 1, note: "process start to the first 200 of /readyz, polled"),
        ]
    }

    private func report(_ pairs: [(ours: Double, bare: Double)]) -> Measurement {
        let ratio = median(pairs.map { $0.ours / $0.bare })
        return Measurement(
            what: "durable POST of an incident over HTTP, \(clients) clients, against bare pgbench",
            figure: "\(median(pairs.map(\.ours)).places(0)) /s against \(median(pairs.map(\.bare)).places(0)) /s = "
                + "\(ratio.places(2)) ×", budget: "0.6 ×", isMet: ratio >= 0.6,
            note: "clients, service, broker and PostgreSQL share the cores, pgbench has them with PostgreSQL alone; "
                + "ratios: " + pairs.map { ($0.ours / $0.bare).places(2) }.joined(separator: ", "))
    }

    /// Reports a second that a load of so many connections gets answered, each sent when the one before is answered.
    ///
    /// From a process of its own whose work is small, as pgbench's is.
    private func postIncidents(_ service: RunningService) async throws -> Double {
        let record = try await LoadProcess.run(
            LoadPlan(
                port: service.port, path: "/v1/incidents", samples: try BenchmarkCounty.reports(service.token),
                phases: [LoadPlan.Phase(rate: nil, connections: clients, seconds: Double(seconds))]))
        if let other = record.statuses.first(where: { $0 != 201 }) {
            throw BenchmarkFailure("an incident was answered with \(other)")
        }
        return Double(record.statuses.count) / Double(seconds)
    }

    /// The statements of a report, word for word where it matters, in the same transactions and as the role that the
    /// service runs as, so that the row fences are in both.
    private func bareStatements(_ database: PostgresConfiguration) async throws -> Double {
        let script = FileManager.default.temporaryDirectory.appendingPathComponent("incident-\(UUID()).sql")
        try Self.statements.write(to: script, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: script) }  // Only a temporary file is left behind.
        let output = try await ChildProcess.run([
            try PrivatePostgres.binaries() + "/pgbench", "-n", "-M", "prepared", "-c", String(clients), "-j", "2", "-T",
            String(seconds), "-f", script.path, "-h", database.host, "-p", String(database.port), "-U", "runtime",
            database.database,
        ])
        guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix("tps = ") }),
            let rate = Double(line.dropFirst(6).prefix { $0 != " " })
        else { throw BenchmarkFailure("pgbench said no rate") }
        return rate
    }

    private static let statements = #"""
        \set place random(1, 1999)
        \set incident random(1, 1000000000000)
        with located as (
            select code, community_code from grid.grids
            where st_covers(boundary, st_setsrid(st_makepoint(100.5 + :place / 10000.0, 25.45), 4326))
            order by length(code) desc, code limit 1
        ), drawn as (
            insert into grid.incident_counters as c (community_code, day, last_number)
            select community_code, current_date, 1 from located
            on conflict (community_code, day) do update set last_number = c.last_number + 1 returning last_number
        )
        select code, last_number, set_config('synchronous_commit', 'off', true) as setting from located, drawn;
        begin;
        select set_config('tiaokuai.scope', '532923', true);
        insert into service_kit.idempotency_keys (key, operation, body_hash, answer)
        values (sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'POST /v1/incidents', sha256('x'), 'an answer');
        insert into grid.incidents (id, number, grid_code, function, function_is_provisional, title, description,
            longitude, latitude, source, urgency, state, reported_at, is_anonymous, is_historical, rulebook)
        values (md5(:incident::text || :client_id)::uuid, gen_random_uuid()::text, '532923100101001', 'emergencyManagement',
            false, '井盖缺失', '群众反映,请尽快处理。', 100.5, 25.45, 'resident', 'ordinary', 'reported', now(), false, false,
            1);
        insert into grid.clocks (incident_id, kind, round, grid_code, rulebook, calendar, started_at, allowance, spent,
            state, since, due_at, is_extended, level, next_action_at)
        values (md5(:incident::text || :client_id)::uuid, 'response', 1, '532923100101001', 1, 'office', now(), 25200000, 0,
            'running', now(), now() + interval '1 day', false, null, now() + interval '20 hours');
        insert into messaging.outbox (event_id, topic, lane, key, type, occurred_at, division_code, traceparent, data)
        values (gen_random_uuid(), 'grid-operations.incident.v1', 3, 'k', 't', now(), '532923100101', null,
            convert_to(repeat('x', 300), 'UTF8'));
        insert into audit_trail.entries (actor_kind, actor, roles, operation, action, object_type, object_id, division_code,
            trace_id, details)
        values ('person', 'somebody', array['community-desk'], 'POST /v1/incidents', 'changed', 'incident', 'an-incident',
            '532923100101', 'a-trace', '{}');
        commit;
        """#
}
