import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import Messaging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// The second fence: what the role that runs a service can do in its database with SQL of its own.
struct FenceTests {
    private static let services: [(name: ServiceName, migrations: URL, schema: String, extensions: [String])] = [
        (.cloudGateway, CloudGateway.migrations, "gateway", []),
        (.communityPairing, CommunityPairing.migrations, "pairing", []),
        (.gridOperations, GridOperations.migrations, "grid", ["postgis"]),
        (.notifications, Notifications.migrations, "notify", []),
        (.talentRegistry, TalentRegistry.migrations, "talent", []),
    ]

    /// Tables with a code that need no fence: copies of the public map, and counters of numbers.
    private static let open: Set<String> = [
        "gateway.divisions", "pairing.divisions", "talent.divisions", "grid.incident_counters",
    ]

    @Test func `every table with a division has a fence that holds for its owner too`() async throws {
        for service in Self.services {
            try await TestDatabase.with(named: "fence", extensions: service.extensions) { superuser in
                _ = try await superuser.migrated(service.name, service.migrations)
                let connection = try await PostgresConnection.connect(superuser.configuration)
                let rows = try await connection.query(
                    """
                    select n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as fenced
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind = 'r' and n.nspname = \(service.schema)
                      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                          and a.attname in ('code', 'division_code', 'grid_code', 'target_code', 'area_code', 'community_code',
                                            'person_id'))
                    """
                ).rows
                #expect(!rows.isEmpty)
                for row in rows {
                    let name: String = try row.decode("name")
                    let isFenced: Bool = try row.decode("fenced")
                    #expect(isFenced || Self.open.contains(name), "\(name) has no fence")
                }
                await connection.close()
            }
        }
    }

    @Test func `the running role sees the rows of the transaction's scope and nothing without one`() async throws {
        try await withOrganisations { database in
            let connection = try await PostgresConnection.connect(database.configuration)
            let count = PostgresStatement("select count(*) from talent.party_organisations")
            func seen(_ scopes: [Scope]?) async throws -> Int {
                guard let scopes else {
                    return try #require(try await connection.query(count).rows.first).decode(at: 0)
                }
                return try await RowScope.with(ScopeFilter(scopes)) {
                    try #require(try await connection.query(count).rows.first).decode(at: 0)
                }
            }
            #expect(try await seen(nil) == 0)
            #expect(try await seen([]) == 0)
            #expect(try await seen([.unit("532923100001")]) == 0)
            #expect(try await seen([.division(try #require(DivisionPrefix("532923100001")))]) == 1)
            #expect(try await seen([.division(try #require(DivisionPrefix("532923100")))]) == 2)
            #expect(try await seen([.suite]) == 3)
            // The setting ends with its transaction.
            #expect(try await seen(nil) == 0)
            await connection.close()
        }
    }

    @Test func `the running role can neither become the owner, nor lift the fence, nor write across it`() async throws {
        try await withOrganisations { database in
            let connection = try await PostgresConnection.connect(database.configuration)
            let attempts = [
                "set role postgres", "set session authorization postgres",
                "alter table talent.party_organisations disable row level security",
                "alter table talent.party_organisations no force row level security",
                "drop policy scope on talent.party_organisations",
                "create policy wide on talent.party_organisations using (true)",
                "alter role runtime bypassrls", "grant postgres to runtime",
                "create or replace function service_kit.scopes() returns text[] language sql as 'select array['''']'",
                "update talent.party_organisations set division_code = '532923100002'",
                """
                insert into talent.party_organisations values ('X', 'n', 'branch', null, '532923100002', now(), now())
                """,
            ]
            let filter = ScopeFilter([.division(try #require(DivisionPrefix("532923100001")))])
            for attempt in attempts {
                let error = await #expect(throws: PostgresError.self, "\(attempt)") {
                    try await RowScope.with(filter) { _ = try await connection.query(PostgresStatement(attempt)) }
                }
                // 42501: insufficient privilege.
                #expect(error?.sqlState == "42501", "\(attempt): \(error?.sqlState ?? "-")")
            }
            // Switched off for the session, the fence makes statements fail instead of showing more.
            _ = try await connection.query("set row_security = off")
            await #expect(throws: PostgresError.self) {
                try await RowScope.with(filter) {
                    _ = try await connection.query("select count(*) from talent.party_organisations")
                }
            }
            _ = try await connection.query("set row_security = on")
            let changed = try await RowScope.with(filter) {
                try await connection.query("update talent.party_organisations set name = 'x'")
            }
            #expect(changed.affectedRows == 1)
            await connection.close()
        }
    }

    @Test func `a reader sees every row in a transaction that others have begun`() async throws {
        try await withOrganisations { database in
            let pool = database.pool(size: 1)
            let handler = ServiceWideHandler(inner: CountingHandler())
            try await pool.withTransaction { transaction in
                _ = try await transaction.query("select 1")
                let before = try await transaction.query("select code from talent.party_organisations")
                #expect(before.rows.isEmpty)
                _ = try await handler.apply([], in: transaction)
            }
            let after = try await pool.query("select code from talent.party_organisations")
            #expect(after.rows.isEmpty)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    private struct CountingHandler: EventHandler {
        let name = "counting"
        let topics: [Topic] = []

        func apply(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws -> [OutgoingEvent] {
            let rows = try await transaction.query("select code from talent.party_organisations").rows
            #expect(rows.count == 3)
            return []
        }
    }

    /// Three organisations: in two communities of a town, and in another town.
    private func withOrganisations(_ body: (TestDatabase) async throws -> Void) async throws {
        try await TestDatabase.with(named: "fence") { superuser in
            let database = try await superuser.migrated(.talentRegistry, TalentRegistry.migrations)
            try await superuser.run(
                """
                insert into talent.party_organisations values
                    ('A', 'n', 'branch', null, '532923100001', now(), now()),
                    ('B', 'n', 'branch', null, '532923100002', now(), now()),
                    ('C', 'n', 'branch', null, '532923101001', now(), now())
                """)
            try await body(database)
        }
    }
}
