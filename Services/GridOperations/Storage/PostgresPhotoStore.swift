import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Pictures of incidents in PostgreSQL.
package struct PostgresPhotoStore: PhotoStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail

    /// Writes through an outbox, and reads from its pool with an entry in the audit trail.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    package func add(
        _ photo: CleanPhoto, _ stage: PhotoStage, to incident: IncidentID, by actor: PersonID, key: IdempotencyKey,
        scope: ScopeFilter, at moment: Date
    ) async throws -> IncidentPhoto {
        let hash = ContentHash(of: photo.bytes)
        return try await outbox.transaction { transaction in
            try await Idempotency.once(key, in: transaction) {
                let present = try await lock(incident, scope: scope, in: transaction)
                let kept = try await transaction.query(Self.photos(of: incident)).rows.map(IncidentPhoto.init)
                if let same = kept.first(where: { $0.hash == hash.text }) { return (same, []) }
                guard kept.count < IncidentPhoto.most else {
                    throw IncidentRefusal.tooManyPhotos(max: IncidentPhoto.most)
                }
                let change = try present.carryingOut(
                    .addPhoto(stage, hash: hash.text), by: actor, at: moment)
                transaction.enqueue(Self.insertion(photo, hash, stage, of: present, at: moment))
                transaction.enqueue(IncidentColumns.insertion(change.step, of: incident))
                transaction.enqueue(try IncidentColumns.update(change.incident))
                audit.record(
                    [
                        AuditEntry(
                            .changed, "incident-photo", id: incident.description,
                            divisionCode: present.gridCode.digits,
                            details: ["stage": .code(stage.rawValue), "bytes": .count(photo.bytes.count)])
                    ], in: transaction)
                return (
                    IncidentPhoto(
                        hash: hash.text, stage: stage, mediaType: photo.mediaType, width: photo.width,
                        height: photo.height, byteCount: photo.bytes.count, addedAt: moment), []
                )
            }
        }
    }

    private func lock(
        _ id: IncidentID, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> Incident {
        let result = try await transaction.query(
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where id = \(id.rawValue) and \(incidentsOf: scope) for update
            """)
        guard let row = result.rows.first else { throw IncidentNotFound() }
        return try Incident(row)
    }

    package func file(_ hash: [UInt8], of incident: IncidentID, scope: ScopeFilter) async throws -> PhotoFile? {
        let result = try await pool.query(
            """
            select media_type, content, grid_code from grid.incident_photos p
            where p.incident_id = \(incident.rawValue) and p.hash = \(hash)
              and exists (select from grid.incidents where id = \(incident.rawValue) and \(incidentsOf: scope))
            """)
        guard let row = result.rows.first else { return nil }
        try await audit.recordRead(
            of: "incident-photo", id: incident.description, within: row.decode("grid_code"), count: 1, with: pool)
        return PhotoFile(mediaType: try row.decode("media_type"), bytes: try row.decode("content"))
    }

    /// The pictures of an incident without their content, in the order in which they came.
    static func photos(of incident: IncidentID) -> PostgresStatement {
        """
        select encode(hash, 'hex') as hash, stage, media_type, width, height, byte_count, added_at
        from grid.incident_photos where incident_id = \(incident.rawValue) order by added_at, hash
        """
    }

    private static func insertion(
        _ photo: CleanPhoto, _ hash: ContentHash, _ stage: PhotoStage, of incident: Incident, at moment: Date
    ) -> PostgresStatement {
        """
        insert into grid.incident_photos (
            incident_id, hash, grid_code, stage, media_type, width, height, byte_count, content, added_at)
        values (\(incident.id.rawValue), \(hash.bytes), \(incident.gridCode.digits), \(stage.rawValue), \(photo.mediaType),
                \(Int32(photo.width)), \(Int32(photo.height)), \(Int32(photo.bytes.count)), \(photo.bytes), \(moment))
        """
    }
}

extension IncidentPhoto {
    /// Reads a row of `PostgresPhotoStore.photos`.
    init(_ row: PostgresRow) throws {
        func number(_ column: String) throws -> Int { Int(try row.decode(column, as: Int32.self)) }
        self.init(
            hash: try row.decode("hash"), stage: try row.word("stage"), mediaType: try row.decode("media_type"),
            width: try number("width"), height: try number("height"), byteCount: try number("byte_count"),
            addedAt: try row.decode("added_at", as: Date.self).wholeMilliseconds)
    }
}
