import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// The staff of grids in PostgreSQL; people's details are encrypted before they get there.
package struct PostgresGridAssignmentStore: GridAssignmentStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let people: EncryptedPeople

    /// Writes through an outbox and an audit trail, and reads from their pool.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, cipher: any FieldCipher) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        people = EncryptedPeople(cipher: cipher)
    }

    package func staff(_ rows: [Numbered<StatedAssignment>], at moment: Date) async throws -> [Numbered<RowOutcome>] {
        let keyed = try rows.map(keyed)
        let grids = Set(keyed.map(\.key.gridCode.digits)).sorted()
        let hashes = Set(keyed.compactMap(\.key.holder.hash)).sorted { $0.lexicographicallyPrecedes($1) }
        return try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.staff.statement)
            // The grids' rows are what is locked: their codes are the keys of the events.
            let results = try await transaction.pipeline([
                """
                select code from grid.grids
                where code in (select unnest(\(grids)::text[])) and valid_to is null order by code for update
                """,
                EncryptedPeople.selection(hashes), Self.activeAssignments(grids),
                ErasureList.selection(GridSubjects.objectType, among: hashes),
            ])
            let known = try people.known(results[1])
            let intake = StaffIntake(
                keyed, grids: Set(try results[0].rows.map { try $0.gridCode("code") }),
                active: Set(try results[2].rows.compactMap(Self.key)), people: known.mapValues(\.details),
                erased: try ErasureList.hashes(results[3]))
            return (intake.outcomes, try write(intake, known: known, at: moment, in: transaction))
        }
    }

    package func list(
        in grid: GridCode, on day: CalendarDay?, today: CalendarDay, scope: ScopeFilter
    ) async throws -> [GridAssignment] {
        let staff = try await pool.query(
            """
            select a.id, a.grid_code, a.role, a.person_id, a.team_code, a.started_at, a.ended_at, a.term_to,
                p.name_encrypted, lower(b.during) as absent_from, upper(b.during) as absent_to, b.substitute_id
            from grid.assignments a left join grid.people p on p.id = a.person_id
            left join grid.absences b on b.assignment_id = a.id
                and b.during @> \(PostgresValue.date((day ?? today).description))::date
            where a.grid_code = \(grid.digits) and \(held: day) and \(scope: scope, on: "a.grid_code")
            order by a.role, a.started_at, a.id
            """
        ).rows.map { row in
            GridAssignment(
                facts: try GridAssignmentFacts(row),
                maskedName: try row.decodeIfPresent("name_encrypted", as: [UInt8].self).map(people.maskedName),
                startedAt: try row.decode("started_at"), endedAt: try row.decodeIfPresent("ended_at"),
                termTo: try row.dayIfPresent("term_to"), absence: try GridAbsence(row))
        }
        try await audit.recordRead(
            of: "grid-staff", id: grid.digits, within: grid.digits, count: staff.count, with: pool)
        return staff
    }

    package func end(
        _ assignment: GridAssignmentID, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool {
        try await outbox.transaction { transaction in
            // The grid first, as everywhere, so that nobody waits in a circle.
            transaction.enqueue(
                """
                select code from grid.grids
                where code = (select grid_code from grid.assignments where id = \(assignment.rawValue)) for update
                """)
            let results = try await transaction.pipeline([
                "select id from grid.assignments where id = \(assignment.rawValue) and \(scope: scope, on: "grid_code")",
                """
                update grid.assignments set ended_at = greatest(started_at, \(moment))
                where id = \(assignment.rawValue) and ended_at is null and \(scope: scope, on: "grid_code")
                returning id, grid_code, role, person_id, team_code
                """,
                // A statement of its own, which sees what the one before has ended.
                """
                select from grid.assignments e join grid.assignments o on o.grid_code = e.grid_code and o.role = e.role
                where e.id = \(assignment.rawValue) and o.ended_at is null limit 1
                """,
            ])
            let ended = try results[1].rows.map { try GridAssignmentFacts($0) }
            let isVacant = results[2].rows.isEmpty
            let events = try ended.flatMap { facts in
                let vacancy = GridVacancyFacts(
                    gridCode: facts.gridCode, role: facts.role, lastAssignmentID: facts.assignmentID)
                return [try OutgoingEvent(GridAssignmentEnded(assignment: facts), occurredAt: moment)]
                    + (isVacant ? [try OutgoingEvent(GridVacancyOpened(vacancy: vacancy), occurredAt: moment)] : [])
            }
            return (!results[0].rows.isEmpty, events)
        }
    }

    // MARK: - Rows in

    private func keyed(_ row: Numbered<StatedAssignment>) throws -> KeyedAssignment {
        let stated = row.content
        let (holder, details): (HolderKey, PersonDetails?) =
            switch stated.holder {
            case .team(let code): (.team(code), nil)
            case .person(let person): (.person(try people.hash(person.identityNumber)), person.details)
            }
        return KeyedAssignment(
            row: row.row, key: AssignmentKey(gridCode: stated.gridCode, role: stated.role, holder: holder),
            details: details)
    }

    private func write(
        _ intake: StaffIntake, known: [[UInt8]: EncryptedPeople.Known], at moment: Date,
        in transaction: PostgresTransaction
    ) throws -> [OutgoingEvent] {
        var identifiers = known.mapValues(\.id)
        for hash in intake.written.keys where identifiers[hash] == nil { identifiers[hash] = .new() }
        if !intake.written.isEmpty {
            transaction.enqueue(try people.upsert(intake.written, identifiers: identifiers))
            // What is kept of a person is told to nobody.
            audit.record(
                intake.written.keys.compactMap { identifiers[$0]?.description }.sorted().map {
                    AuditEntry(.changed, "person", id: $0)
                }, in: transaction)
        }
        guard !intake.started.isEmpty else { return [] }
        let started = intake.started.map { key in
            GridAssignmentFacts(
                assignmentID: .new(), gridCode: key.gridCode, role: key.role,
                personID: key.holder.hash.flatMap { identifiers[$0] }, teamCode: key.holder.team)
        }
        transaction.enqueue(Self.insertion(started, at: moment))
        return try started.map { try OutgoingEvent(GridStaffed(assignment: $0), occurredAt: moment) }
    }

    // MARK: - Statements

    private static func activeAssignments(_ grids: [String]) -> PostgresStatement {
        """
        select a.grid_code, a.role, a.team_code, p.identity_hash
        from grid.assignments a left join grid.people p on p.id = a.person_id
        where a.grid_code in (select unnest(\(grids)::text[])) and a.ended_at is null
        """
    }

    private static func key(_ row: PostgresRow) throws -> AssignmentKey? {
        let team = try row.decodeIfPresent("team_code", as: String.self).map { HolderKey.team($0) }
        let person = try row.decodeIfPresent("identity_hash", as: [UInt8].self).map { HolderKey.person($0) }
        return try (team ?? person).map { holder in
            AssignmentKey(
                gridCode: try row.gridCode("grid_code"), role: try row.word("role"), holder: holder)
        }
    }

    static func insertion(_ started: [GridAssignmentFacts], at moment: Date) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.assignments (id, grid_code, role, person_id, team_code, started_at)
            select a.id, a.grid_code, a.role, a.person_id, a.team_code, $6
            from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[])
                as a (id, grid_code, role, person_id, team_code)
            """,
            [
                .uuidArray(started.map(\.assignmentID.rawValue)), .textArray(started.map(\.gridCode.digits)),
                .textArray(started.map(\.role.rawValue)), .uuidArray(started.map { $0.personID?.rawValue }),
                .textArray(started.map(\.teamCode)), .timestamptz(moment),
            ])
    }
}

extension GridAssignmentFacts {
    /// Reads a row of `grid.assignments`.
    init(_ row: PostgresRow) throws {
        self.init(
            assignmentID: try row.identifier("id"), gridCode: try row.gridCode("grid_code"),
            role: try row.word("role"), personID: try row.identifierIfPresent("person_id"),
            teamCode: try row.decodeIfPresent("team_code"))
    }
}

extension GridAbsence {
    /// Reads the absence of a holding's row; nil when there is none.
    fileprivate init?(_ row: PostgresRow) throws {
        guard let from = try row.dayIfPresent("absent_from"), let to = try row.dayIfPresent("absent_to") else {
            return nil
        }
        self.init(from: from, to: to, substitute: try row.identifierIfPresent("substitute_id"))
    }
}

extension PostgresRow {
    /// A day; nil for null.
    func dayIfPresent(_ column: String) throws -> CalendarDay? {
        try decodeIfPresent(column, as: String.self).flatMap { CalendarDay($0) }
    }
}

extension HolderKey {
    /// The hash of a person; nil for a team.
    fileprivate var hash: [UInt8]? {
        guard case .person(let hash) = self else { return nil }
        return hash
    }

    /// The code of a team; nil for a person.
    fileprivate var team: String? {
        guard case .team(let code) = self else { return nil }
        return code
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a holding `a` has not ended, or was held on a day of the county, for some of it at least.
    fileprivate mutating func appendInterpolation(held day: CalendarDay?) {
        guard let day else { return appendLiteral("a.ended_at is null") }
        let date = PostgresValue.date(day.description)
        appendLiteral("a.started_at < ((")
        appendInterpolation(date)
        appendLiteral(" + 1)::timestamp at time zone 'Asia/Shanghai') and coalesce(a.ended_at > (")
        appendInterpolation(date)
        appendLiteral("::timestamp at time zone 'Asia/Shanghai'), true)")
    }
}
