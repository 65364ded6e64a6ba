import Foundation
import Messaging
import Models
import Postgres

/// States Party organisations and the counts that they have reported.
package struct PartyOrganisationAnnouncer: Announcer {
    private let now: @Sendable () -> Date

    /// Makes the announcer with a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package var topics: [Topic] { [.partyOrganisation] }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let organisations = try await transaction.query(
            PostgresStatement(
                """
                select code, name, kind, parent_code, division_code from talent.party_organisations
                where code > $1::text order by code limit $2::bigint for no key update
                """,
                [.text(cursor ?? ""), .int8(Int64(limit))])
        ).rows.map(PartyOrganisationStatements.organisation)
        // Read once the organisations are locked, since whoever reports locks them as well.
        let counts = try await transaction.query(
            PostgresStatement(
                """
                select organisation_code, as_of, total, retired, two_new, age_35_or_less, age_60_or_more,
                       college_or_above
                from talent.member_counts where organisation_code = any($1::text[]) order by organisation_code, as_of
                """,
                [.textArray(organisations.map(\.code))])
        ).rows.map(MemberCountStatements.count)
        let countsByCode = Dictionary(grouping: counts, by: \.organisationCode)
        let time = now()
        var events: [OutgoingEvent] = []
        for organisation in organisations {
            events.append(
                try OutgoingEvent(PartyOrganisationStated(organisation: organisation.facts), occurredAt: time))
            for count in countsByCode[organisation.code] ?? [] {
                let stated = MemberCountStated(count: count.facts(in: organisation.divisionCode))
                events.append(try OutgoingEvent(stated, occurredAt: time))
            }
        }
        return (events, organisations.count < limit ? nil : organisations.last?.code)
    }
}
