import Foundation
import Messaging
import Models
import Postgres

/// Keeps the requests that people make about their own data, and carries them out; every step is written down.
package struct SubjectRequests: Sendable {
    /// How many working days an answer may take.
    static let workingDays = 15

    /// A request as it stands; it holds nothing that says who the person is.
    package struct Request: Encodable, Sendable, Equatable {
        /// Which request.
        package let id: UUID
        /// What is asked for.
        package let kind: SubjectRequestKind
        /// The division of the person's record.
        package let divisionCode: String
        /// The last day for the answer.
        package let dueDay: CalendarDay
        /// `open`, `done` or `refused`.
        package let state: String
        /// Why it was refused, a code.
        package let refusal: String?
        /// The same in words that name the law.
        package let refusalReason: String?
        /// The same in English.
        package let refusalReasonEn: String?
    }

    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let holding: any SubjectHolding
    private let now: @Sendable () -> Date

    /// Keeps requests about what a service holds.
    package init(
        pool: PostgresPool, outbox: Outbox, audit: AuditTrail, holding: any SubjectHolding,
        now: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        self.holding = holding
        self.now = now
    }

    /// What the service can be asked, and by what it finds a person.
    var terms: (kinds: Set<SubjectRequestKind>, keys: Set<SubjectKey.Kind>) { (holding.kinds, holding.keys) }

    /// Opens a request of a person, whose identity the desk has checked.
    ///
    /// Asked again while such a request is open, it gives that one. An `Idempotency-Key` would not do: the hash of a body
    /// with an identity number must not be kept.
    ///
    /// - Parameter object: which record is meant, where the key may lead to several; nil otherwise.
    /// - Returns: nil when nothing is kept of the person in the scope; that too is written down.
    /// - Throws: a 409 problem when the key leads to several records.
    package func open(
        _ kind: SubjectRequestKind, of key: SubjectKey, object: String? = nil, checkedBy document: String,
        scope: ScopeFilter
    ) async throws -> Request? {
        guard let actor = Actor.current, actor.kind == .person else { throw Problem.forbidden }
        let time = now()
        guard let due = WorkingDays.day(Self.workingDays, after: try CountyCalendar.day(of: time)) else {
            throw Problem.internalError
        }
        return try await inTransaction { transaction in
            let places = try await holding.find(key, scope: scope, in: transaction)
                .filter { object == nil || $0.id == object }
            guard places.count <= 1 else { throw Problem.subjectAmbiguous }
            guard let place = places.first else {
                audit.record(
                    [AuditEntry(.refused, "subject-request", details: ["because": .code("nothing-kept")])],
                    in: transaction)
                return nil
            }
            let id = UUID()
            transaction.enqueue(
                """
                insert into service_kit.subject_requests
                    (id, kind, object_type, object_id, division_code, checked_by, opened_by, opened_at, due_day, state)
                values (\(id), \(kind.rawValue), \(holding.objectType), \(place.id), \(place.divisionCode), \(document),
                        \(actor.subject), \(time), \(PostgresValue.date(due.description)), 'open')
                on conflict (object_type, object_id, kind) where state = 'open' do nothing
                """)
            let rows = try await transaction.query(
                """
                select \(unescaped: Self.columns) from service_kit.subject_requests
                where object_type = \(holding.objectType) and object_id = \(place.id) and kind = \(kind.rawValue) and state = 'open'
                """
            ).rows
            guard let request = try rows.first.map(Self.request) else { throw Problem.internalError }
            let action: AuditAction = request.id == id ? .changed : .repeated
            audit.record([entry(action, request, on: place.id, ["step": .code("open")])], in: transaction)
            return request
        }
    }

    /// By what somebody is taken out of the erasure list; none where there is no such list.
    var markKeys: Set<SubjectKey.Kind> { holding.markKeys }

    /// Lets sheets name somebody again who had himself erased and agrees to it now; the desk has checked who he is.
    ///
    /// - Returns: whether he was in the list.
    package func lift(_ key: SubjectKey, checkedBy document: String) async throws -> Bool {
        guard let mark = try holding.mark(of: key) else { return false }
        return try await inTransaction { transaction in
            let isLifted = try await transaction.query(ErasureList.removal(holding.objectType, mark)).affectedRows > 0
            audit.record(
                [
                    AuditEntry(
                        isLifted ? .changed : .refused, holding.objectType,
                        details: ["step": .code("erasure-lifted"), "checkedBy": .code(document)])
                ], in: transaction)
            return isLifted
        }
    }

    /// A request in a scope.
    package func find(_ id: UUID, scope: ScopeFilter) async throws -> Request? {
        try await pool.query(Self.selection(id, scope: scope, locking: "")).rows.first.map(Self.request)
    }

    /// Gives the person a copy of everything, and of who looked at it when, by role and purpose.
    ///
    /// - Returns: nil when there is no such request in the scope.
    package func export(_ id: UUID, scope: ScopeFilter) async throws -> [SubjectFact]? {
        try await carryOut(id, .export, scope: scope) { object, transaction in
            let facts = try await holding.everything(of: object, in: transaction)
            let names = try await holding.trailNames(of: object, in: transaction)
            return (facts + (try await reads(of: names, in: transaction)), .exported)
        }
    }

    /// Corrects what is kept.
    ///
    /// - Returns: nil when there is no such request in the scope.
    package func correct(_ id: UUID, _ correction: SubjectCorrection, scope: ScopeFilter) async throws -> Request? {
        let time = now()
        let done: Bool? = try await carryOut(id, .correction, scope: scope) { object, transaction in
            try await holding.correct(object, correction, at: time, in: transaction)
            return (true, .corrected)
        }
        return done == nil ? nil : try await find(id, scope: scope)
    }

    /// Erases what is kept, unless a law asks for it: then the request is refused and says why.
    ///
    /// - Returns: nil when there is no such request in the scope.
    package func erase(_ id: UUID, scope: ScopeFilter) async throws -> Request? {
        let time = now()
        let done: Bool? = try await carryOut(id, .erasure, scope: scope) { object, transaction in
            if let refusal = try await refusal(toErase: object, at: time, in: transaction) {
                transaction.enqueue(
                    """
                    update service_kit.subject_requests set state = 'refused', refusal = \(refusal.rawValue)
                    where id = \(id)
                    """)
                return (false, .refused)
            }
            outbox.enqueue(try await holding.erase(object, at: time, in: transaction), in: transaction)
            return (true, .erased)
        }
        outbox.wakeRelay()
        return done == nil ? nil : try await find(id, scope: scope)
    }

    // MARK: - Steps

    /// Why a record must be kept at present: by a hold, or by a duty that the service knows of.
    private func refusal(
        toErase object: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? {
        let day = try CountyCalendar.day(of: time)
        let held = try await transaction.query(
            """
            select id from service_kit.legal_holds
            where object_type = \(holding.objectType) and object_id = \(object) and approved_at is not null
              and until_day >= \(PostgresValue.date(day.description))
            """)
        guard held.rows.isEmpty else { return .legalHold }
        return try await holding.duty(toKeep: object, at: time, in: transaction)
    }

    /// Runs a step of an open request in one transaction with its entry, and closes the request.
    ///
    /// The request must be in the desk's scope; what is kept of the person is dealt with as a whole, wherever it lies: a copy
    /// without the neighbour's part would not be one, and a post there forbids the erasure all the same.
    nonisolated(nonsending) private func carryOut<Value: Sendable>(
        _ id: UUID, _ kind: SubjectRequestKind, scope: ScopeFilter,
        _ step: nonisolated(nonsending) (String, PostgresTransaction) async throws -> (Value, AuditAction)
    ) async throws -> Value? {
        let time = now()
        return try await RowScope.service {
            try await carryOut(id, kind, scope: scope, at: time, step)
        }
    }

    nonisolated(nonsending) private func carryOut<Value: Sendable>(
        _ id: UUID, _ kind: SubjectRequestKind, scope: ScopeFilter, at time: Date,
        _ step: nonisolated(nonsending) (String, PostgresTransaction) async throws -> (Value, AuditAction)
    ) async throws -> Value? {
        try await inTransaction { transaction in
            let selection = Self.selection(id, scope: scope, locking: "for update")
            guard let row = try await transaction.query(selection).rows.first else { return nil }
            let request = try Self.request(row)
            guard request.kind == kind, request.state == "open" else { throw Problem.requestNotOpen }
            let object: String = try row.decode("object_id")
            transaction.enqueue(
                "update service_kit.subject_requests set state = 'done', closed_at = \(time) where id = \(id)")
            let (value, action) = try await step(object, transaction)
            audit.record([entry(action, request, on: object, ["step": .code("close")])], in: transaction)
            return value
        }
    }

    /// Runs a transaction whose entries have the purpose of all this.
    nonisolated(nonsending) private func inTransaction<Value>(
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        var actor = Actor.current
        actor?.purpose = Purpose.subjectRequest.rawValue
        return try await Actor.$current.withValue(actor) { try await pool.withTransaction(body) }
    }

    /// Who looked at the person's record in full or took it away, as the person may know it: never who by name.
    private func reads(of names: [String], in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        try await transaction.query(
            """
            select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') as moment, action,
                   array_to_string(roles, ',') as roles, coalesce(purpose, '-') as purpose
            from audit_trail.entries
            where object_id = any(\(names)) and action in ('unmasked', 'exported', 'corrected') order by position
            """
        ).rows.map { row in
            let words = try ["moment", "action", "roles", "purpose"].map { try row.decode($0, as: String.self) }
            return SubjectFact("查阅记录 access", words.joined(separator: " "), nil)
        }
    }

    private func entry(
        _ action: AuditAction, _ request: Request, on object: String, _ details: AuditDetails
    ) -> AuditEntry {
        var details = details
        details.add("request", request.id.uuidString.lowercased())
        details.add("kind", request.kind.rawValue)
        return AuditEntry(action, holding.objectType, id: object, divisionCode: request.divisionCode, details: details)
    }

    private static let columns = """
        id, kind, object_id, division_code, to_char(due_day, 'YYYY-MM-DD') as due_day, state, refusal
        """

    private static func selection(_ id: UUID, scope: ScopeFilter, locking: String) -> PostgresStatement {
        """
        select \(unescaped: columns)
        from service_kit.subject_requests where id = \(id) and \(scope: scope, on: "division_code") \(unescaped: locking)
        """
    }

    private static func request(_ row: PostgresRow) throws -> Request {
        let day: String = try row.decode("due_day")
        guard let kind = SubjectRequestKind(rawValue: try row.decode("kind")), let due = CalendarDay(day) else {
            throw Problem.internalError
        }
        let refusal: String? = try row.decodeIfPresent("refusal")
        let reason = refusal.flatMap(SubjectRefusal.init(rawValue:))?.reason
        return Request(
            id: try row.decode("id"), kind: kind, divisionCode: try row.decode("division_code"), dueDay: due,
            state: try row.decode("state"), refusal: refusal, refusalReason: reason?.chinese,
            refusalReasonEn: reason?.english)
    }
}

extension Problem {
    fileprivate static let requestNotOpen = Problem.conflict(
        .requestNotOpen, "请求已办结或种类不符", "the request is closed, or is of another kind")

    fileprivate static let subjectAmbiguous = Problem.conflict(
        .subjectAmbiguous, "该号码对应多条记录", "several records have this number")
}
