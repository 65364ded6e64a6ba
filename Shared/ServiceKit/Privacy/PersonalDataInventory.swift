import Models

/// Every column of a service in which something of a person is kept (PR-01): what it is, why it is kept and on what ground,
/// how long, and who sees it in full.
///
/// One value a service, the only place where this is declared: rotation of keys, retention and the tests of the tables go
/// by it.
package struct PersonalDataInventory: Sendable {
    /// The tables that hold personal data.
    package let tables: [PersonalTable]
    /// What is erased by itself when its time is over.
    package let retention: [RetentionRule]
    /// Columns, `schema.table.column`, whose names look personal although no person is in them, each with why.
    package let impersonal: [String: String]
    /// Kinds of objects, beside those of the rules, that a legal hold may keep from being erased.
    package let holdable: Set<String>

    /// Gathers tables, rules and what only looks personal.
    package init(
        tables: [PersonalTable], retention: [RetentionRule] = [], impersonal: [String: String] = [:],
        holdable: Set<String> = []
    ) {
        self.tables = tables
        self.retention = retention
        self.impersonal = impersonal
        self.holdable = holdable
    }

    /// The inventory of a service that keeps nothing of persons.
    package static let nothing = PersonalDataInventory(tables: [])

    /// Both inventories in one.
    package func joined(with other: PersonalDataInventory) -> PersonalDataInventory {
        PersonalDataInventory(
            tables: tables + other.tables, retention: retention + other.retention,
            impersonal: impersonal.merging(other.impersonal) { own, _ in own },
            holdable: holdable.union(other.holdable))
    }

    /// The tables with encrypted columns.
    var encryptedTables: [PersonalTable] { tables.filter { !$0.encryptedColumns.isEmpty } }

    /// The tables with keyed hashes that can be made anew.
    var lookupTables: [PersonalTable] { tables.filter { !$0.lookups.isEmpty } }
}

/// A table with personal data.
package struct PersonalTable: Sendable {
    /// Schema and table; trusted text.
    package let name: String
    /// The one column by which its rows are told apart; trusted text.
    package let key: String
    /// The type of that column in SQL; trusted text.
    package let keyType: String
    /// The personal columns.
    package let columns: [PersonalColumn]
    /// Which hashes are those of which encrypted columns, so that a row is found by the whole value.
    package let lookups: [LookupColumn]

    /// Describes a table; all texts come from code and never from a request.
    package init(
        _ name: String, key: String, keyType: String, columns: [PersonalColumn], lookups: [LookupColumn] = []
    ) {
        self.name = name
        self.key = key
        self.keyType = keyType
        self.columns = columns
        self.lookups = lookups
    }

    /// The columns that hold ciphertexts, with what the ciphertexts are bound to.
    var encryptedColumns: [(name: String, field: String)] {
        columns.compactMap { column in
            guard case .encrypted(let field) = column.form else { return nil }
            return (column.name, field)
        }
    }
}

/// A column with a keyed hash, and from what the hash can be made anew.
package struct LookupColumn: Sendable, Hashable {
    /// From what a hash is made.
    package enum Origin: Sendable, Hashable {
        /// The values of encrypted columns, one after the other; nil binds it to the field of the one ciphertext.
        case values([String], field: String?)
        /// The seal in a column, since the value is not kept.
        case seal(String)
    }

    /// The column of the hash; trusted text.
    package let name: String
    /// From what it is made; trusted text.
    package let origin: Origin

    /// Describes the hash of an encrypted column's value, bound to the same field as its ciphertext.
    package init(_ name: String, of source: String) { self.init(name, .values([source], field: nil)) }

    /// Describes any hash.
    package init(_ name: String, _ origin: Origin) {
        self.name = name
        self.origin = origin
    }

    /// The one encrypted column whose value is hashed, where there is one.
    var source: String? {
        guard case .values(let columns, nil) = origin else { return nil }
        return columns.first
    }
}

/// A personal column.
package struct PersonalColumn: Sendable {
    /// How the value stands in the column.
    package enum Form: Sendable, Hashable {
        /// As a ciphertext that is bound to a field.
        case encrypted(field: String)
        /// As a keyed hash, by which it is found and not read.
        case keyedHash
        /// As the seal of what the hash beside it is made of, for the rotation of the lookup key alone.
        case sealedDigest
        /// As it is: an id that means nothing outside the suite, or something that by itself names nobody.
        case plain
    }

    /// The column; trusted text.
    package let name: String
    /// What it holds, in words.
    package let holds: String
    /// How it stands there.
    package let form: Form
    /// What it is kept for.
    package let purpose: Purpose
    /// On what ground.
    package let ground: LegalGround
    /// How long.
    package let retention: Retention
    /// Who may see it in full; nobody where it is empty.
    package let seenBy: Set<Role>

    /// Describes a column.
    package init(
        _ name: String, holds: String, _ form: Form, _ purpose: Purpose, _ ground: LegalGround, _ retention: Retention,
        seenBy: Set<Role> = []
    ) {
        self.name = name
        self.holds = holds
        self.form = form
        self.purpose = purpose
        self.ground = ground
        self.retention = retention
        self.seenBy = seenBy
    }
}

/// On what ground personal data may be kept (DOMAIN 3.10, article 13).
package enum LegalGround: String, Sendable, CaseIterable {
    /// The person agreed, and may take it back.
    case consent
    /// A duty by law.
    case statutoryDuty
    /// The person's work for the county.
    case labourRelation
}

/// How long personal data is kept.
package enum Retention: Sendable, Hashable {
    /// Until a rule of the same inventory erases it.
    case rule(String)
    /// As long as the row is there; in words, what ends it.
    case untilRemoved(String)
}
