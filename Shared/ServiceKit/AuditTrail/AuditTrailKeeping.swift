import Foundation
import Messaging
import Models
import Postgres

/// What an auditor does to a trail as a whole: cuts off months whose time is over, and takes it up in another cluster.
package struct AuditTrailKeeping: Sendable {
    private let trail: AuditTrail
    private let configuration: PostgresConfiguration
    private let hash: AuditHash

    /// Keeps the trail of a service.
    ///
    /// - Parameters:
    ///   - trail: the trail.
    ///   - configuration: its database.
    ///   - hash: the hash of new seals.
    package init(trail: AuditTrail, configuration: PostgresConfiguration, hash: AuditHash) {
        self.trail = trail
        self.configuration = configuration
        self.hash = hash
    }

    /// Cuts off the months before one; the trail tells of it.
    ///
    /// - Parameter month: the first day of the first month that stays.
    /// - Returns: the newest cut, this one or the one that was there; nil when nothing can be or has been cut.
    /// - Throws: a 422 problem for months that are younger than three years.
    package func cut(before month: CalendarDay, with pool: PostgresPool) async throws -> AuditCut? {
        do {
            return try await pool.withTransaction { transaction in
                let rows = try await transaction.query(
                    "select audit_trail.cut(\(PostgresValue.date(month.description))) as is_cut"
                ).rows
                let cut = try await AuditSealStore(executor: transaction).ground().cut
                if try rows.first?.decode("is_cut") == true, let cut { trail.record([cut.entry], in: transaction) }
                return cut
            }
        } catch let error as PostgresError where error.sqlState == "42501" {
            throw Problem.tooYoungToCut
        }
    }

    /// Takes up a trail that was restored into another cluster, where the stored snapshots mean nothing.
    ///
    /// What was sealed is told apart by its own stored ids and snapshots, which are mere data. What was written and never
    /// sealed gets seals whose made-up snapshot sees every id of now; from then on only entries behind the greatest position
    /// of now are looked at. All of it is one transaction that keeps writers out.
    ///
    /// - Throws: a 409 problem where the database lies in the cluster of its seals, or somebody seals it.
    package func rebase() async throws {
        let connection = try await PostgresConnection.connect(configuration)
        do {
            let store = AuditSealStore(executor: connection)
            // A sealer that finds the foreign cluster takes the lock for a moment at each of its tries.
            var tries = 0
            while try await !store.acquire() {
                tries += 1
                guard tries < 20 else { throw Problem.sealerActive }
                try await Task.sleep(for: .milliseconds(100))
            }
            do {
                try await store.checkCluster()
                throw Problem.trailAtHome
            } catch is ForeignAuditTrail {}
            try await connection.withTransaction { transaction in
                try await beginEras(in: AuditSealStore(executor: transaction), transaction)
            }
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    private func beginEras(in store: AuditSealStore, _ transaction: PostgresTransaction) async throws {
        _ = try await transaction.query("select 1 as done from audit_trail.begin_rebase()")
        let writer = AuditSealWriter(service: trail.service, hash: hash, entriesMax: 5000, failpoints: .none)
        var last = try await store.latest()
        while let unfinished = last, !unfinished.isLast,
            let seal = try await writer.seal(.rest(of: unfinished), after: unfinished, in: store)
        { last = seal }
        let ground = try await store.ground()
        let (sealed, written, everything) = try await borders(transaction)
        // Up to the last position of any seal the old ids tell what was not yet sealed. Behind it nothing was, and there the
        // ids tell nothing: what was written here before has ids of this cluster.
        let late = ground.present.positions.lowerBound...max(ground.present.positions.lowerBound, sealed)
        last = try await seal(
            everything, from: ground.present.previous(after: last), in: late, after: last, writer, store)
        var number = ground.present.number
        if written > sealed {
            number += 1
            try await begin(number, after: last, behind: sealed, in: transaction)
            last = try await seal(
                everything, from: AuditSeal.beginning, in: sealed + 1...written, after: last, writer, store)
        }
        try await begin(number + 1, after: last, behind: written, in: transaction)
        _ = try await transaction.query("select 1 as done from audit_trail.adopt_cluster()")
        let begun = try await store.ground().eras.filter { $0.number > ground.present.number }
        // Behind the border, so that the new era seals what tells of it.
        trail.record(begun.map(\.entry), in: transaction)
    }

    /// The greatest sealed position, the greatest position, and a snapshot that sees every id of now.
    private func borders(
        _ transaction: PostgresTransaction
    ) async throws -> (sealed: Int64, written: Int64, everything: String) {
        let rows = try await transaction.query(
            """
            select (select coalesce(max(last_position), 0) from audit_trail.seals) as sealed,
                   coalesce(max(position), 0) as written, (coalesce(max(xid::text::int8), 3) + 1)::text as beyond
            from audit_trail.entries
            """
        ).rows
        guard let row = rows.first else { throw Problem.internalError }
        let (sealed, written): (Int64, Int64) = (try row.decode("sealed"), try row.decode("written"))
        let beyond: String = try row.decode("beyond")
        return (sealed, max(sealed, written), "\(beyond):\(beyond):")
    }

    /// Seals all that a snapshot sees and the one before did not, in parts.
    private func seal(
        _ snapshot: String, from previous: String, in positions: ClosedRange<Int64>, after last: AuditSeal?,
        _ writer: AuditSealWriter, _ store: AuditSealStore
    ) async throws -> AuditSeal? {
        var last = last
        var place = AuditSealWriter.Place(previous: previous, snapshot: snapshot, after: 0, positions: positions)
        while let seal = try await writer.seal(place, after: last, in: store) {
            last = seal
            guard !seal.isLast, seal.lastPosition < positions.upperBound else { break }
            place.after = seal.lastPosition
            place.positions = seal.lastPosition + 1...positions.upperBound
        }
        return last
    }

    private func begin(
        _ number: Int, after last: AuditSeal?, behind position: Int64, in transaction: PostgresTransaction
    ) async throws {
        _ = try await transaction.query(
            """
            insert into audit_trail.eras (number, seal, position)
            values (\(Int32(number)), \(last?.number ?? 0), \(position))
            """)
    }
}

extension Problem {
    /// 422: the law asks for the months.
    fileprivate static let tooYoungToCut = Problem.invalid(
        field: "/before", code: "too-young", "审计记录须保存满三年，请给出三年前的月份",
        "the audit trail is kept for three years; give a month that lies so far back")

    /// 409: there is nothing to take up.
    fileprivate static let trailAtHome = Problem.conflict(
        .sameCluster, "数据库仍在原集群，无须重新定位", "the database lies where its seals were made: nothing to do")

    fileprivate static let sealerActive = Problem.conflict(
        .sealerActive, "封条程序正在运行，无须重新定位", "a sealer is active: nothing to do")
}
