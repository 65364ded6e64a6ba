import Foundation
import Models
import Postgres
import ServiceKit

/// What people have muted and who wants nothing more, in PostgreSQL.
package struct PostgresPreferences: PreferenceStore {
    private let pool: PostgresPool
    private let audit: AuditTrail
    private let links: UnsubscribeLinks
    private let sealer: AddressSealer

    /// Keeps through a pool, and writes into the audit trail of the same database.
    package init(pool: PostgresPool, audit: AuditTrail, links: UnsubscribeLinks, sealer: AddressSealer) {
        self.pool = pool
        self.audit = audit
        self.links = links
        self.sealer = sealer
    }

    package func muted(by person: PersonID, scope: ScopeFilter) async throws -> [MutedKind] {
        guard Self.isOwn(person, scope) else { return [] }
        return try await pool.query(
            """
            select kind, channel from notify.preferences where person_id = \(person.rawValue)
            order by kind, channel limit \(KeepPreferences.entriesMax)
            """
        ).rows.map { MutedKind(kind: try $0.decode("kind"), channel: try $0.decode("channel")) }
    }

    package func replace(
        _ muted: [MutedKind], of person: PersonID, scope: ScopeFilter, at moment: Date
    ) async throws {
        guard Self.isOwn(person, scope) else { throw Problem.notFound() }
        let audit = self.audit
        try await pool.withTransaction { transaction in
            transaction.enqueue("delete from notify.preferences where person_id = \(person.rawValue)")
            transaction.enqueue(
                """
                insert into notify.preferences (person_id, kind, channel, changed_at)
                select \(person.rawValue), n.kind, n.channel, \(moment)
                from unnest(\(muted.map(\.kind)), \(muted.map(\.channel))) as n (kind, channel)
                on conflict do nothing
                """)
            audit.record(
                [AuditEntry(.changed, "preferences", id: person.description, details: ["muted": .count(muted.count)])],
                in: transaction)
        }
    }

    package func channel(ofLink token: String) -> ChannelCode? { links.read(token)?.channel }

    package func optOut(byLink token: String, at moment: Date) async throws -> ChannelCode? {
        guard let (person, channel) = links.read(token) else { return nil }
        let hash = try sealer.optOutHash(of: person)
        let audit = self.audit
        // Nobody is signed in who follows a link: the service notes it for the person whom the link names.
        try await RowScope.service {
            try await pool.withTransaction { transaction in
                transaction.enqueue(
                    """
                    insert into notify.opt_outs (channel, subject_hash, opted_out_at)
                    select \(channel.rawValue), h.hash, \(moment) from (
                        select \(hash)::bytea as hash
                        union
                        select c.address_hash from notify.contacts c
                        where c.person_id = \(person.rawValue) and c.kind = \(channel.contactKind?.rawValue)::text
                    ) h on conflict do nothing
                    """)
                audit.record(
                    [AuditEntry(.changed, "opt-out", details: ["channel": .code(channel.rawValue)])], in: transaction)
            }
        }
        return channel
    }

    private static func isOwn(_ person: PersonID, _ scope: ScopeFilter) -> Bool {
        scope.isEverything || scope.own.flatMap { PersonID($0) } == person
    }
}
