import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Keeps Party organisations and member counts in PostgreSQL.
package struct PostgresPartyOrganisationStore: PartyOrganisationStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail

    /// Makes the store over a pool, and the outbox and audit trail of the same database.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    package func register(
        _ organisations: [PartyOrganisation], at time: Date,
        deciding decide: @escaping @Sendable (PartyOrganisationDirectory) -> PartyOrganisationDirectory.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        // A code may be taken, or a parent lie, where the sender sees nothing; the rules must see it to decide.
        try await RowScope.service { try await register(all: organisations, at: time, deciding: decide) }
    }

    private func register(
        all organisations: [PartyOrganisation], at time: Date,
        deciding decide: @escaping @Sendable (PartyOrganisationDirectory) -> PartyOrganisationDirectory.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let divisions = Set(organisations.map(\.divisionCode))
        let audit = self.audit
        return try await outbox.transaction { transaction in
            // The rules look at several organisations at once (one general branch a community, parents above their
            // children), which no row lock covers for rows that do not exist yet. So registrations of a county queue.
            transaction.enqueue(PartyOrganisationStatements.lockCounties(of: divisions))
            let results = try await transaction.pipeline([
                DivisionProjection.talent.known(among: divisions),
                PartyOrganisationStatements.touched(by: organisations),
            ])
            let plan = decide(
                PartyOrganisationDirectory(
                    divisions: try DivisionProjection.divisions(in: results[0]),
                    organisations: try results[1].rows.map(PartyOrganisationStatements.organisation)))
            if !plan.writes.isEmpty { transaction.enqueue(PartyOrganisationStatements.write(plan.writes, at: time)) }
            // Another name alone is told to nobody.
            let told = Set(plan.registered.map(\.organisation.code) + plan.changed.map(\.organisation.code))
            audit.record(
                plan.writes.filter { !told.contains($0.code) }.map {
                    AuditEntry(.changed, "party-organisation", id: $0.code, divisionCode: $0.divisionCode.digits)
                }, in: transaction)
            let events =
                try plan.registered.map { try OutgoingEvent($0, occurredAt: time) }
                + plan.changed.map { try OutgoingEvent($0, occurredAt: time) }
            return (plan.outcomes, events)
        }
    }

    package func report(
        _ counts: [MemberCount], scope: ScopeFilter, at time: Date,
        deciding decide: @escaping @Sendable (MemberCountLedger) -> MemberCountLedger.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let codes = Set(counts.map(\.organisationCode))
        return try await outbox.transaction { transaction in
            // Two statements, since the second must see what was committed while the first waited for its locks.
            let results = try await transaction.pipeline([
                MemberCountStatements.lockOrganisations(codes, scope: scope), MemberCountStatements.present(counts),
            ])
            var divisions: [String: DivisionCode] = [:]
            for row in results[0].rows { divisions[try row.decode("code")] = try row.divisionCode("division_code") }
            let plan = decide(
                MemberCountLedger(
                    divisions: divisions, counts: try results[1].rows.map(MemberCountStatements.count)))
            if !plan.writes.isEmpty { transaction.enqueue(MemberCountStatements.write(plan.writes, at: time)) }
            return (plan.outcomes, try plan.reported.map { try OutgoingEvent($0, occurredAt: time) })
        }
    }

    package func organisations(
        within prefix: String, scope: ScopeFilter, after position: PartyOrganisationPosition?, limit: Int
    ) async throws -> [PartyOrganisationView] {
        let statement = PartyOrganisationStatements.page(within: prefix, scope: scope, after: position, limit: limit)
        return try await pool.query(statement).rows.map { row in
            let hasCount = try row.decodeIfPresent("as_of", as: String.self) != nil
            return PartyOrganisationView(
                organisation: try PartyOrganisationStatements.organisation(row),
                latestCount: hasCount ? try MemberCountStatements.count(row) : nil)
        }
    }
}
