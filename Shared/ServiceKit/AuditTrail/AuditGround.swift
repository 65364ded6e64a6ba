import Models
import Postgres

/// What a trail stands on: the cut before which nothing is kept, and the eras of the clusters in which it was written.
package struct AuditGround: Sendable, Equatable {
    /// The newest cut; nil when nothing has been cut off.
    package let cut: AuditCut?
    /// The eras in their order, the first one from the beginning on.
    package let eras: [AuditEra]

    /// The era in which a seal was made.
    func era(ofSeal number: Int64) -> AuditEra { eras.last { $0.seal < number } ?? .beginning }

    /// The present era.
    var present: AuditEra { eras.last ?? .beginning }
}

/// Entries and seals whose transaction ids and snapshots are of one cluster.
package struct AuditEra: Sendable, Equatable {
    /// Counts from 0, the beginning of the trail.
    package let number: Int
    /// The last seal before it; 0 for none.
    package let seal: Int64
    /// Where its entries lie.
    package let positions: ClosedRange<Int64>

    /// A trail that has never been restored elsewhere.
    static let beginning = AuditEra(number: 0, seal: 0, positions: Int64.min...Int64.max)

    /// The snapshot after which the seal behind another one begins.
    func previous(after last: AuditSeal?) -> String {
        guard let last, last.number > seal else { return AuditSeal.beginning }
        return last.snapshot
    }

    /// The entry of the trail that tells of it.
    var entry: AuditEntry {
        AuditEntry(
            .changed, "audit-era", id: String(number),
            details: ["seal": .count(Int(seal)), "position": .count(Int(positions.lowerBound) - 1)])
    }
}

/// Months that were cut off at the end of their time.
package struct AuditCut: Sendable, Equatable, Encodable {
    /// The first month that was kept then, `2022-11`.
    package let before: String
    /// The last seal of what was cut off, which the first kept one follows from.
    package let seal: Int64
    /// The hash that this seal had.
    package let hash: String
    /// How many entries went.
    package let entries: Int64
    /// How many seals went.
    package let seals: Int64

    /// The entry of the trail that tells of it.
    var entry: AuditEntry {
        AuditEntry(
            .erased, "audit-months", id: before,
            details: [
                "seal": .count(Int(seal)), "hash": .code(hash), "entries": .count(Int(entries)),
                "seals": .count(Int(seals)),
            ])
    }
}

extension AuditSealStore {
    /// Reads what the trail stands on.
    func ground() async throws -> AuditGround {
        let cuts = try await executor.query(
            """
            select to_char(before_month, 'YYYY-MM') as before, seal, encode(hash, 'hex') as hash, entries, seals
            from audit_trail.cuts order by seal desc limit 1
            """
        ).rows.map { row in
            AuditCut(
                before: try row.decode("before"), seal: try row.decode("seal"), hash: try row.decode("hash"),
                entries: try row.decode("entries"), seals: try row.decode("seals"))
        }
        let borders = try await executor.query("select number, seal, position from audit_trail.eras order by number")
            .rows
            .map { row in
                (
                    number: try row.decode("number", as: Int.self), seal: try row.decode("seal", as: Int64.self),
                    position: try row.decode("position", as: Int64.self)
                )
            }
        let starts = [(number: 0, seal: Int64(0), position: Int64.min)] + borders
        let ends = borders.map(\.position) + [Int64.max]
        let eras = zip(starts, ends).map { start, end in
            // Nothing may lie behind the border of an era that ended where it began.
            let lower = start.position == .min ? Int64.min : start.position + 1
            return AuditEra(number: start.number, seal: start.seal, positions: lower...max(lower, end))
        }
        return AuditGround(cut: cuts.first, eras: eras)
    }

    /// Whether the trail tells of something in just these words.
    func tells(of entry: AuditEntry) async throws -> Bool {
        let rows = try await executor.query(
            """
            select from audit_trail.entries
            where object_id = \(entry.objectID ?? "") and object_type = \(entry.objectType)
              and action = \(entry.action.rawValue) and details = \(entry.details.json) limit 1
            """
        ).rows
        return !rows.isEmpty
    }

    /// Positions of entries that a cut should have taken: those of eras before its anchor's, and those that its anchor sees.
    func leftBehind(_ anchor: AuditSeal, in era: AuditEra, limit: Int) async throws -> [Int64] {
        let bounds = try Self.bounds(anchor.snapshot)
        return try await executor.query(
            PostgresStatement(
                """
                select e.position from audit_trail.entries e
                where e.position < $1
                   or e.position <= $2 and e.xid < $3::xid8 and pg_visible_in_snapshot(e.xid, $4::pg_snapshot)
                order by e.position limit $5
                """,
                [
                    .int8(era.positions.lowerBound), .int8(era.positions.upperBound), .text(bounds.xmax),
                    .text(anchor.snapshot), .int8(Int64(limit)),
                ])
        ).rows.map { try $0.decode("position") }
    }

    /// Positions of entries in an era that has ended which its last seal does not see: they were put in afterwards.
    func unseen(by last: AuditSeal, in era: AuditEra, limit: Int) async throws -> [Int64] {
        try await executor.query(
            PostgresStatement(
                """
                select e.position from audit_trail.entries e
                where e.position >= $1 and e.position <= $2 and not pg_visible_in_snapshot(e.xid, $3::pg_snapshot)
                order by e.position limit $4
                """,
                [
                    .int8(era.positions.lowerBound), .int8(era.positions.upperBound), .text(last.snapshot),
                    .int8(Int64(limit)),
                ])
        ).rows.map { try $0.decode("position") }
    }
}
