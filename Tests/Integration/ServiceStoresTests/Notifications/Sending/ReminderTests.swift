import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct ReminderTests {
    private typealias Town = SendingDatabase

    /// A clock over the town's database, as a replica has one.
    private static func clock(_ town: Town) -> ReminderClock {
        ReminderClock(store: PostgresReminderStore(pool: town.pool), now: { town.now })
    }

    private static func staff(_ town: Town, areas: Int) async throws {
        _ = try await town.pool.query(
            """
            insert into notify.grid_assignments (assignment_id, area_code, grid_code, role, person_id)
            select gen_random_uuid(), '532923100001' || lpad(n::text, 3, '0'), '532923100001' || lpad(n::text, 3, '0'),
                'gridWorker', gen_random_uuid()
            from generate_series(1, \(areas)) n
            """)
    }

    @Test func `a service day's reminder goes out once, with several replicas and restarts`() async throws {
        try await Town.with { town in
            try await Self.staff(town, areas: 300)
            // The town's noon is a Wednesday: Friday is planned, nothing is due.
            for _ in 0..<2 {
                let early = try await Self.clock(town).tick()
                #expect(early == 0)
            }
            town.wait(1.9 * 86_400)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { while try await Self.clock(town).tick() > 0 {} }
                }
                try await group.waitForAll()
            }
            #expect(try await town.count("select count(*) from notify.sendings") == 300)
            #expect(try await town.count("select count(distinct person_id) from notify.sendings") == 300)
            #expect(
                try await town.count("select count(*) from notify.reminders where done_at is not null") == 300)
        }
    }

    @Test func `the county's exceptions count, and what is much too late is not sent`() async throws {
        try await Town.with { town in
            try await Self.staff(town, areas: 1)
            _ = try await town.pool.query(
                "insert into notify.calendar_exceptions values ('2023-11-17', false), ('2023-11-16', true)")
            try await Self.clock(town).tick()
            let planned = try await town.pool.query(
                "select (due at time zone 'Asia/Shanghai')::text as due from notify.reminders order by due"
            ).rows.map { try $0.decode("due", as: String.self) }
            #expect(planned == ["2023-11-16 08:30:00"])
            // The service was down for the whole day.
            town.wait(1.5 * 86_400)
            try await Self.clock(town).tick()
            #expect(try await town.count("select count(*) from notify.sendings") == 0)
            #expect(
                try await town.count("select count(*) from notify.reminders where done_at is not null") == 1)
        }
    }
}
