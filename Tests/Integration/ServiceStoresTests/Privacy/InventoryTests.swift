import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// The inventory of personal data against the tables that the migrations make (PR-01), and what must never be in them.
struct InventoryTests {
    /// A service with its tables.
    private struct Subject: Sendable {
        let name: ServiceName
        let migrations: URL
        let schema: String
        let inventory: PersonalDataInventory
        let extensions: [String]
    }

    private static let subjects = [
        Subject(
            name: .cloudGateway, migrations: CloudGateway.migrations, schema: "gateway",
            inventory: CloudGateway.personalData, extensions: []),
        Subject(
            name: .communityPairing, migrations: CommunityPairing.migrations, schema: "pairing",
            inventory: CommunityPairing.personalData, extensions: []),
        Subject(
            name: .gridOperations, migrations: GridOperations.migrations, schema: "grid",
            inventory: GridOperations.personalData, extensions: ["postgis"]),
        Subject(
            name: .notifications, migrations: Notifications.migrations, schema: "notify",
            inventory: Notifications.personalData, extensions: []),
        Subject(
            name: .talentRegistry, migrations: TalentRegistry.migrations, schema: "talent",
            inventory: TalentRegistry.personalData, extensions: []),
    ]

    /// A column of a table.
    private struct Column: Hashable {
        let table: String
        let name: String
        let type: String

        var full: String { "\(table).\(name)" }

        /// Whether it may hold something of a person, by its name or because nobody can see what is in it.
        ///
        /// It would rather find one too many: the inventory can say that there is nothing in it.
        var looksPersonal: Bool {
            type == "bytea"
                || name.contains(
                    /name|mobile|phone|contact|identity|person|birth|gender|reporter|actor|subject|address|residence|education|skill|willing|encrypted|member_name|reason|note$|description|title|result|handled|_by$|donor|family|income|health|belief|ethnic|photo|(^|_)plate/
                )
        }
    }

    private func columns(of subject: Subject, also script: String = "") async throws -> [Column] {
        try await TestDatabase.with(named: "inventory", extensions: subject.extensions) { superuser in
            _ = try await superuser.migrated(subject.name, subject.migrations)
            let connection = try await PostgresConnection.connect(superuser.configuration)
            if !script.isEmpty { try await connection.script(script) }
            let rows = try await connection.query(
                """
                select table_schema || '.' || table_name as "table", column_name as name, data_type as type
                from information_schema.columns
                where table_schema in (\(subject.schema), 'service_kit')
                order by 1, ordinal_position
                """
            ).rows
            await connection.close()
            return try rows.map {
                Column(table: try $0.decode("table"), name: try $0.decode("name"), type: try $0.decode("type"))
            }
        }
    }

    /// What an inventory lacks of the columns of its tables, and what it names that is not there.
    private func gaps(_ inventory: PersonalDataInventory, _ columns: [Column]) -> (missing: [String], stale: [String]) {
        let listed = Set(inventory.tables.flatMap { table in table.columns.map { "\(table.name).\($0.name)" } })
        let missing = columns.filter {
            $0.looksPersonal && !listed.contains($0.full) && inventory.impersonal[$0.full] == nil
        }
        let present = Set(columns.map(\.full))
        return (missing.map(\.full), listed.union(inventory.impersonal.keys).subtracting(present).sorted())
    }

    @Test func `every column that looks personal is in the inventory, and every column of the inventory is there`()
        async throws
    {
        for subject in Self.subjects {
            let gaps = gaps(subject.inventory.joined(with: .kit), try await columns(of: subject))
            #expect(gaps.missing.isEmpty, "\(subject.name.rawValue) lacks \(gaps.missing)")
            #expect(gaps.stale.isEmpty, "\(subject.name.rawValue) has no \(gaps.stale)")
        }
    }

    @Test func `a migration with a personal column that the inventory lacks is found`() async throws {
        let subject = Self.subjects[1]
        let columns = try await columns(
            of: subject,
            also: """
                create table pairing.wishes (id uuid, beneficiary_name text, blob bytea);
                alter table pairing.units add contact_email_encrypted bytea
                """)
        #expect(
            Set(gaps(subject.inventory.joined(with: .kit), columns).missing) == [
                "pairing.wishes.beneficiary_name", "pairing.wishes.blob", "pairing.units.contact_email_encrypted",
            ])
    }

    @Test func `encrypted columns say what their ciphertexts are bound to, each to something else, and rules exist`() {
        for subject in Self.subjects {
            let inventory = subject.inventory.joined(with: .kit)
            let fields = inventory.tables.flatMap(\.columns).compactMap { column -> String? in
                guard case .encrypted(let field) = column.form else { return nil }
                #expect(column.name.hasSuffix("_encrypted"))
                return field
            }
            #expect(Set(fields).count == fields.count)
            let rules = Set(inventory.retention.map(\.name))
            #expect(rules.count == inventory.retention.count)
            for table in inventory.tables {
                for column in table.columns {
                    if case .rule(let name) = column.retention {
                        #expect(rules.contains(name), "\(table.name).\(column.name)")
                    }
                    #expect(!column.holds.isEmpty)
                }
            }
        }
    }

    // MARK: - What must never be there

    @Test func `nobody is scored, ranked or graded, and no identity number has a column of its own (H01, H02)`()
        async throws
    {
        for subject in Self.subjects {
            for column in try await columns(of: subject) { #expect(!Self.isRefused(column.name), "\(column.full)") }
        }
        // Seen to find what it looks for.
        for name in ["credit_score", "points", "star_level", "red_list", "identity_number", "id_card_no", "risk_grade"]
        {
            #expect(Self.isRefused(name), "\(name)")
        }
    }

    @Test func `grids, pairings and messages know no birth, home, family, health, income, belief or vehicle (PR-02)`()
        async throws
    {
        for subject in Self.subjects where subject.name != .talentRegistry {
            for column in try await columns(of: subject) {
                let isPrivate = column.name.contains(
                    /birth|gender|home_address|family|spouse|child|health|income|religio|belief|ethnic|vehicle|(^|_)plate/
                )
                #expect(!isPrivate, "\(column.full)")
            }
        }
    }

    @Test func `no table joins what one person reported, booked or wished (H02)`() async throws {
        for subject in Self.subjects {
            let byTable = Dictionary(grouping: try await columns(of: subject), by: \.table)
            for (table, columns) in byTable {
                let names = Set(columns.map(\.name))
                #expect(names.isDisjoint(with: ["resident_id", "profile_id", "household_id"]), "\(table)")
            }
        }
    }

    private static func isRefused(_ name: String) -> Bool {
        name.contains(
            /score|credit|points|star_|_star|rank|grade|red_list|black_list|risk|identity_number|id_number|id_card|national_id|petition/
        )
    }
}
