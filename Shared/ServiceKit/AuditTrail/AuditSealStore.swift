import Messaging
import Postgres

/// The SQL of seals; the sealer's own runs on the connection that holds its lock, so that a sealer that has lost the lock
/// cannot write.
struct AuditSealStore: Sendable {
    let executor: any PostgresExecutor

    private static let worker = LoneWorker(lock: "tiaokuai.audit-trail", clusterTable: "audit_trail.cluster")

    /// Tries to become the one sealer of this database.
    func acquire() async throws -> Bool { try await Self.worker.acquire(on: executor) }

    /// Checks that the snapshots stored here are of this cluster, and notes the cluster at the first start.
    ///
    /// - Throws: `ForeignAuditTrail`.
    func checkCluster() async throws {
        guard try await Self.worker.isAtHome(on: executor) else { throw ForeignAuditTrail() }
    }

    /// Makes the partitions of the coming months.
    func ensureMonths() async throws {
        _ = try await executor.query("select 1 as done from audit_trail.ensure_months(3)")
    }

    // MARK: - Seals

    private static let columns = """
        number, previous::text as previous, snapshot::text as snapshot, after, is_last, first_position, last_position,
        entries, algorithm, previous_hash, hash, marks,
        case when isfinite(sealed_at) then (extract(epoch from sealed_at) * 1000000)::int8 else -1 end as sealed_at
        """

    /// The last seal; nil when there is none.
    func latest() async throws -> AuditSeal? {
        try await executor.query(
            "select \(unescaped: Self.columns) from audit_trail.seals order by number desc limit 1"
        ).rows.first.map(AuditSeal.init)
    }

    /// The seal of a number.
    func seal(_ number: Int64) async throws -> AuditSeal? {
        try await executor.query(
            "select \(unescaped: Self.columns) from audit_trail.seals where number = \(number)"
        ).rows.first.map(AuditSeal.init)
    }

    /// The seals after a number, in order.
    func seals(after number: Int64, limit: Int) async throws -> [AuditSeal] {
        try await executor.query(
            """
            select \(unescaped: Self.columns) from audit_trail.seals where number > \(number)
            order by number limit \(limit)
            """
        ).rows.map(AuditSeal.init)
    }

    /// Writes a seal; the primary key refuses a second one of the same number.
    func insert(_ seal: AuditSeal) async throws {
        _ = try await executor.query(
            PostgresStatement(
                """
                insert into audit_trail.seals (number, previous, snapshot, after, is_last, first_position, last_position,
                                               entries, algorithm, previous_hash, hash, marks, sealed_at)
                values ($1, $2::pg_snapshot, $3::pg_snapshot, $4, $5, $6, $7, $8, $9, $10, $11, $12,
                        timestamptz 'epoch' + $13 * interval '1 microsecond')
                """,
                [
                    .int8(seal.number), .text(seal.previous), .text(seal.snapshot), .int8(seal.after),
                    .bool(seal.isLast), .int8(seal.firstPosition), .int8(seal.lastPosition), .int8(seal.entries),
                    seal.algorithm.map { .text($0.rawValue) } ?? .null, .bytea(seal.previousHash), .bytea(seal.hash),
                    .bytea(seal.marks),
                    .int8(seal.sealedAtMicroseconds),
                ]))
    }

    // MARK: - Entries

    /// A snapshot that sees entries which the one before did not.
    struct Cut: Sendable, Equatable {
        var snapshot: String
        /// The smallest position among them.
        var firstPosition: Int64
    }

    /// Takes a snapshot; nil when it sees nothing new behind the border of an era.
    ///
    /// It is taken once, by the same statement that looks with it, and the search is by transaction id, for the reasons
    /// that `RelayStore.cut` names.
    func cut(after previous: String, in era: AuditEra) async throws -> Cut? {
        let bounds = try Self.bounds(previous)
        let rows = try await executor.query(
            PostgresStatement(
                """
                with candidate as materialized (select pg_current_snapshot() as snapshot),
                fresh as (
                    select e.position, e.xid from audit_trail.entries e where e.xid >= $1::xid8 and e.position >= $3
                    union all
                    select e.position, e.xid from audit_trail.entries e
                    where e.xid = any ($2::xid8[]) and e.position >= $3
                )
                select (select snapshot::text from candidate) as snapshot, min(f.position) as first_position
                from fresh f, candidate c where pg_visible_in_snapshot(f.xid, c.snapshot)
                """, [.text(bounds.xmax), .text(bounds.list), .int8(era.positions.lowerBound)])
        ).rows
        guard let row = rows.first, let first: Int64 = try row.decodeIfPresent("first_position") else { return nil }
        return Cut(snapshot: try row.decode("snapshot"), firstPosition: first)
    }

    /// The entries of a batch in the order of their positions.
    ///
    /// - Parameters:
    ///   - snapshot: what the batch sees.
    ///   - previous: what it does not see any more.
    ///   - positions: where to look.
    ///   - limit: how many at most.
    func entries(
        seenBy snapshot: String, notBy previous: String, in positions: ClosedRange<Int64>, limit: Int
    ) async throws -> [StoredAuditEntry] {
        try await executor.query(
            PostgresStatement(
                """
                select \(StoredAuditEntry.columns) from audit_trail.entries
                where position >= $1 and position <= $2
                  and pg_visible_in_snapshot(xid, $3::pg_snapshot)
                  and not pg_visible_in_snapshot(xid, $4::pg_snapshot)
                order by position limit $5
                """,
                [
                    .int8(positions.lowerBound), .int8(positions.upperBound), .text(snapshot), .text(previous),
                    .int8(Int64(limit)),
                ])
        ).rows.map(StoredAuditEntry.init)
    }

    /// Positions of entries that belong to a seal's batch by their transaction and lie where its batch has none: they were
    /// put in afterwards.
    ///
    /// No transaction has the id 0, which no snapshot can leave out; the first seal answers for it.
    func strays(of seal: AuditSeal, in era: AuditEra, limit: Int) async throws -> [Int64] {
        guard seal.after == 0 || seal.isLast else { return [] }
        let lower = try Self.bounds(seal.previous)
        let isFirst = seal.after == 0
        return try await executor.query(
            PostgresStatement(
                """
                select f.position from (
                    select e.position, e.xid from audit_trail.entries e where e.xid >= $1::xid8 and e.xid < $2::xid8
                    union all
                    select e.position, e.xid from audit_trail.entries e where e.xid = any ($3::xid8[])
                ) f
                where pg_visible_in_snapshot(f.xid, $4::pg_snapshot) and f.position >= $11 and f.position <= $12
                  and (f.xid = '0'::xid8 or (
                      not pg_visible_in_snapshot(f.xid, $5::pg_snapshot)
                      and (($6 and f.position < $7) or ($8 and f.position > $9))))
                order by f.position limit $10
                """,
                [
                    .text(lower.xmax), .text(try Self.bounds(seal.snapshot).xmax), .text(lower.list),
                    .text(seal.snapshot), .text(seal.previous), .bool(isFirst), .int8(seal.firstPosition),
                    .bool(seal.isLast), .int8(seal.lastPosition), .int8(Int64(limit)),
                    .int8(era.positions.lowerBound), .int8(era.positions.upperBound),
                ])
        ).rows.map { try $0.decode("position") }
    }

    /// Positions of entries with an id that no transaction has had yet, which therefore no seal would ever cover.
    ///
    /// In another cluster than the one of the seals ids tell nothing.
    func impossible(in era: AuditEra, limit: Int) async throws -> [Int64] {
        try await executor.query(
            """
            select e.position from audit_trail.entries e
            where e.xid >= pg_snapshot_xmax(pg_current_snapshot()) and e.position >= \(era.positions.lowerBound)
              and exists (select from audit_trail.cluster c, pg_control_system() s
                          where c.system_identifier = s.system_identifier::text)
            order by e.xid, e.position limit \(limit)
            """
        ).rows.map { try $0.decode("position") }
    }

    /// What no seal covers yet.
    func tail(after snapshot: String, in era: AuditEra) async throws -> AuditTail {
        let bounds = try Self.bounds(snapshot)
        let rows = try await executor.query(
            PostgresStatement(
                """
                select count(*) as entries,
                       coalesce(extract(epoch from clock_timestamp() - min(f.at) filter (where isfinite(f.at))), 0)::float8 as age
                from (
                    (select e.at from audit_trail.entries e
                     where e.xid >= $1::xid8 and e.position >= $4 order by e.xid limit $3)
                    union all
                    select e.at from audit_trail.entries e where e.xid = any ($2::xid8[]) and e.position >= $4
                ) f
                """,
                [
                    .text(bounds.xmax), .text(bounds.list), .int8(Int64(AuditTail.countMax)),
                    .int8(era.positions.lowerBound),
                ])
        ).rows
        guard let row = rows.first else { return AuditTail() }
        return AuditTail(entries: try row.decode("entries"), ageSeconds: max(0, try row.decode("age")))
    }

    /// From where and for which ids to look for what a snapshot does not see; everything, for the beginning.
    static func bounds(_ snapshot: String) throws -> (xmax: String, list: String) {
        guard let bounds = SnapshotBounds(snapshot) else { throw UnreadableSnapshot() }
        let isBeginning = snapshot == AuditSeal.beginning
        return (isBeginning ? "0" : bounds.xmax, "{" + bounds.inProgress.joined(separator: ",") + "}")
    }
}

extension AuditSeal {
    /// Reads a row of `AuditSealStore.columns`.
    init(_ row: PostgresRow) throws {
        self.init(
            number: try row.decode("number"), previous: try row.decode("previous"),
            snapshot: try row.decode("snapshot"), after: try row.decode("after"), isLast: try row.decode("is_last"),
            firstPosition: try row.decode("first_position"), lastPosition: try row.decode("last_position"),
            entries: try row.decode("entries"),
            algorithm: AuditHash(rawValue: try row.decode("algorithm")),
            previousHash: try row.decode("previous_hash"), hash: try row.decode("hash"),
            marks: try row.decode("marks"), sealedAtMicroseconds: try row.decode("sealed_at"))
    }
}

/// A stored snapshot has another form than PostgreSQL gives it.
struct UnreadableSnapshot: Error, CustomStringConvertible {
    var description: String { "a snapshot in audit_trail.seals cannot be read" }
}

/// The database lies in another cluster than the one in which its seals were made, where their snapshots mean nothing.
package struct ForeignAuditTrail: Error, CustomStringConvertible {
    package var description: String {
        "the audit trail's seals are of another PostgreSQL cluster (restored elsewhere?); nothing is sealed here: see the "
            + "decision record on the audit trail"
    }
}
