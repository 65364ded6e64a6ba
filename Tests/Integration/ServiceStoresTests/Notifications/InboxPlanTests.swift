import Foundation
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// However many messages there are, an inbox is read through an index: no query goes through all of them.
@Suite(.timeLimit(.minutes(2))) struct InboxPlanTests {
    private let person = PersonID.new()

    private struct Scans: Sendable {
        let whole: Int64
        let indexed: Int64
    }

    /// How often the messages were read whole, and how often through an index, as far as the server has counted.
    private func scans(_ notify: NotificationsDatabase) async throws -> Scans {
        let row = try #require(
            try await notify.pool.query(
                """
                select seq_scan, coalesce(idx_scan, 0) as idx_scan from pg_stat_user_tables
                where relid = 'notify.deliveries'::regclass
                """
            ).rows.first)
        return Scans(whole: try row.decode("seq_scan"), indexed: try row.decode("idx_scan"))
    }

    /// Twenty thousand messages of two hundred others.
    private func fill(_ notify: NotificationsDatabase) async throws {
        try await notify.apply(
            (1...30).map { IncidentClosed(incident: try GridNewsFixture.incident("\($0)", reporter: person)) })
        let columns = try await notify.pool.query(
            """
            select string_agg(quote_ident(column_name), ', ') as names from information_schema.columns
            where table_schema = 'notify' and table_name = 'deliveries'
              and column_name not in ('id', 'event_id', 'person_id', 'sequence')
            """
        ).rows.first?.decode("names", as: String.self)
        let names = try #require(columns)
        _ = try await notify.pool.query(
            PostgresStatement(
                """
                insert into notify.deliveries (event_id, person_id, sequence, \(names))
                select gen_random_uuid(), ('00000000-0000-4000-8000-' || lpad((n % 200)::text, 12, '0'))::uuid,
                       1 + n / 200, \(names)
                from (select * from notify.deliveries order by id limit 1) s, generate_series(0, 19999) n
                """, []))
    }

    @Test func `lists, counts, news and unstaffed areas are read through indexes`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify)
            // What was counted so far lies behind once nothing has changed it for longer than the server keeps it back.
            var before = try await scans(notify)
            try await eventually(within: .seconds(40), "the fill is counted") {
                let now = try await scans(notify)
                defer { before = now }
                return now.whole > 0
            }
            let moment = NotificationsDatabase.moment
            var asked: Int64 = 0
            try await eventually(within: .seconds(60), "the queries are counted") {
                let newest = try await notify.store.newest(of: person, before: nil, limit: 20)
                let following = try await notify.store.following(10, of: person, limit: 20)
                let counts = try await notify.store.counts(of: person, scope: .everything, at: moment)
                let areas = try await notify.store.unstaffedAreas(scope: .everything, after: nil, limit: 20)
                #expect(newest.count == 20 && following.count == 20 && counts.inbox == 30 && areas.isEmpty)
                asked += 4
                return asked >= 40 ? try await scans(notify).indexed >= before.indexed + 40 : false
            }
            let after = try await scans(notify)
            #expect(after.whole == before.whole, "the messages were read whole")
        }
    }
}
