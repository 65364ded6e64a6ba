import Foundation
import Models
import Postgres
import ServiceKit

/// The SQL of people and the talent ledger.
enum TalentStatements {
    /// The columns of an entry.
    static let entryColumns = """
        t.id as talent_id, t.division_code, t.category, t.education, t.residence, t.skill, t.willingness, t.listed_at
        """

    /// Locks people in the order of their hashes and reads their entries.
    static func lockPeople(_ hashes: [[UInt8]]) -> PostgresStatement {
        PostgresStatement(
            """
            select p.id as person_id, p.identity_hash, p.contact_hash, p.birth_year, p.gender, \(entryColumns)
            from talent.persons p left join talent.talents t on t.person_id = p.id
            where p.identity_hash = any($1::bytea[]) order by p.identity_hash for no key update of p
            """,
            [.byteaArray(hashes)])
    }

    /// The people of `lockPeople`'s answer by the rows that name them.
    static func people(
        in result: PostgresResult, for marks: [Numbered<PersonSealer.Mark>]
    ) throws -> [Int: KnownPerson] {
        var rowsByHash: [[UInt8]: PostgresRow] = [:]
        for row in result.rows { rowsByHash[try row.decode("identity_hash", as: [UInt8].self)] = row }
        var people: [Int: KnownPerson] = [:]
        for mark in marks {
            guard let row = rowsByHash[mark.content.identityHash] else { continue }
            let entry = try row.identifierIfPresent("talent_id").map { id in
                KnownPerson.Entry(talentID: id, talent: try talent(row))
            }
            people[mark.row] = KnownPerson(
                personID: try row.identifier("person_id"), traits: try traits(row),
                hasSameContact: mark.content.contact.contains(try row.decode("contact_hash")),
                entry: entry)
        }
        return people
    }

    /// At most four statements, whatever the number of rows.
    static func write(_ writes: [PersonSealer.SealedWrite], at time: Date) -> [PostgresStatement] {
        // In the order of the hashes, as people are locked, so that two listings never wait for each other.
        let ordered = writes.sorted { $0.mark.identityHash.lexicographicallyPrecedes($1.mark.identityHash) }
        let changes: [(isWanted: (TalentLedger.Write) -> Bool, make: ([PersonSealer.SealedWrite]) -> PostgresStatement)]
        changes = [
            (\.isNewPerson, { insertPersons($0, at: time) }), (\.changesPerson, { updatePersons($0, at: time) }),
            (\.isNewEntry, { insertTalents($0, at: time) }), (\.changesEntry, { updateTalents($0, at: time) }),
        ]
        return changes.compactMap { change in
            let wanted = ordered.filter { change.isWanted($0.write) }
            return wanted.isEmpty ? nil : change.make(wanted)
        }
    }

    /// A page of the ledger.
    static func page(
        within prefix: String, scope: ScopeFilter, after position: TalentPosition?, limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: prefix)
        return """
            select p.name_encrypted, p.mobile_encrypted, p.birth_year, p.gender, \(unescaped: entryColumns)
            from talent.talents t join talent.persons p on p.id = t.person_id
            where t.division_code >= \(range.lowerBound) and t.division_code < \(range.upperBound)
              and (t.division_code, t.id) > (\(position?.divisionCode ?? ""), \(position?.talentID.rawValue ?? .beforeAll))
              and p.erased_at is null and \(scope: scope, on: "t.division_code")
            order by t.division_code, t.id limit \(limit)
            """
    }

    /// The person of one entry, still encrypted.
    static func person(of id: TalentID, scope: ScopeFilter) -> PostgresStatement {
        """
        select p.name_encrypted, p.mobile_encrypted, t.division_code
        from talent.talents t join talent.persons p on p.id = t.person_id
        where t.id = \(id.rawValue) and p.erased_at is null and \(scope: scope, on: "t.division_code")
        """
    }

    /// The entry of the person with a hash.
    static func entry(ofIdentity hashes: LookupHashes, scope: ScopeFilter) -> PostgresStatement {
        """
        select p.name_encrypted, p.mobile_encrypted, p.birth_year, p.gender, \(unescaped: entryColumns)
        from talent.persons p join talent.talents t on t.person_id = p.id
        where p.identity_hash = any(\(PostgresValue.byteaArray(hashes.all))) and \(scope: scope, on: "t.division_code")
        """
    }

    /// The entries of the people with a mobile number.
    static func entries(ofMobile hashes: LookupHashes, scope: ScopeFilter) -> PostgresStatement {
        """
        select \(unescaped: entryColumns)
        from talent.persons p join talent.talents t on t.person_id = p.id
        where p.mobile_hash = any(\(PostgresValue.byteaArray(hashes.all))) and \(scope: scope, on: "t.division_code")
        order by t.id limit \(SubjectPlace.most)
        """
    }

    /// What is kept of the person of a row.
    static func traits(_ row: PostgresRow) throws -> PersonTraits {
        PersonTraits(birthYear: try row.decode("birth_year"), gender: try row.wordIfPresent("gender"))
    }

    /// The entry of a row.
    static func talent(_ row: PostgresRow) throws -> Talent {
        Talent(
            divisionCode: try row.divisionCode("division_code"), category: try row.word("category"),
            education: try row.wordIfPresent("education"), residence: try row.wordIfPresent("residence"),
            skill: try row.decodeIfPresent("skill"), willingness: try row.wordIfPresent("willingness"))
    }
}

// MARK: - Writing

extension TalentStatements {
    private static func insertPersons(_ writes: [PersonSealer.SealedWrite], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            insert into talent.persons
                (id, identity_hash, name_encrypted, mobile_encrypted, contact_hash, mobile_hash, birth_year, gender,
                 identity_sealed, recorded_at, changed_at)
            select p.id, p.identity_hash, p.name, p.mobile, p.contact_hash, p.mobile_hash, p.birth_year, p.gender,
                   p.identity_sealed, $10::timestamptz, $10::timestamptz
            from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::int4[], $7::text[],
                        $8::bytea[], $9::bytea[])
                 as p (id, contact_hash, name, mobile, mobile_hash, birth_year, gender, identity_hash,
                       identity_sealed)
            """,
            personColumns(writes) + [
                .byteaArray(writes.map(\.mark.identityHash)), .byteaArray(writes.map(\.identitySealed)),
                .timestamptz(time),
            ])
    }

    private static func updatePersons(_ writes: [PersonSealer.SealedWrite], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            update talent.persons p
            set contact_hash = n.contact_hash, name_encrypted = n.name, mobile_encrypted = n.mobile,
                mobile_hash = n.mobile_hash, birth_year = n.birth_year, gender = n.gender, changed_at = $8::timestamptz
            from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::int4[], $7::text[])
                 as n (id, contact_hash, name, mobile, mobile_hash, birth_year, gender)
            where p.id = n.id
            """,
            personColumns(writes) + [.timestamptz(time)])
    }

    private static func personColumns(_ writes: [PersonSealer.SealedWrite]) -> [PostgresValue] {
        [
            .uuidArray(writes.map(\.write.personID.rawValue)), .byteaArray(writes.map(\.mark.contactHash)),
            .byteaArray(writes.map(\.name)), .byteaArray(writes.map(\.mobile)), .byteaArray(writes.map(\.mobileHash)),
            .int4Array(writes.map { Int32($0.write.listing.traits.birthYear) }),
            .textArray(writes.map(\.write.listing.traits.gender?.rawValue)),
        ]
    }

    private static func insertTalents(_ writes: [PersonSealer.SealedWrite], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            insert into talent.talents
                (id, person_id, division_code, category, education, residence, skill, willingness, listed_at, changed_at)
            select t.id, t.person_id, t.division_code, t.category, t.education, t.residence, t.skill, t.willingness,
                   $9::timestamptz, $9::timestamptz
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[])
                 as t (id, division_code, category, education, residence, skill, willingness, person_id)
            """,
            talentColumns(writes)
                + [.uuidArray(writes.map(\.write.personID.rawValue)), .timestamptz(time)])
    }

    private static func updateTalents(_ writes: [PersonSealer.SealedWrite], at time: Date) -> PostgresStatement {
        PostgresStatement(
            """
            update talent.talents t
            set division_code = n.division_code, category = n.category, education = n.education,
                residence = n.residence, skill = n.skill, willingness = n.willingness, changed_at = $8::timestamptz
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
                 as n (id, division_code, category, education, residence, skill, willingness)
            where t.id = n.id
            """,
            talentColumns(writes) + [.timestamptz(time)])
    }

    private static func talentColumns(_ writes: [PersonSealer.SealedWrite]) -> [PostgresValue] {
        let talents = writes.map(\.write.listing.talent)
        return [
            .uuidArray(writes.map(\.write.talentID.rawValue)), .textArray(talents.map(\.divisionCode.digits)),
            .textArray(talents.map(\.category.rawValue)), .textArray(talents.map(\.education?.rawValue)),
            .textArray(talents.map(\.residence?.rawValue)), .textArray(talents.map(\.skill)),
            .textArray(talents.map(\.willingness?.rawValue)),
        ]
    }
}
