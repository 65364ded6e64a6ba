import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PersonalTable {
    /// How reporters can be reached.
    static let incidentContacts = PersonalTable(
        "grid.incident_contacts", key: "incident_id", keyType: "uuid",
        columns: [
            contact("name_encrypted", "the reporter's name", .encrypted(field: "grid.incident_contacts.name")),
            contact("mobile_encrypted", "the mobile number", .encrypted(field: "grid.incident_contacts.mobile")),
            PersonalColumn(
                "mobile_hash", holds: "the mobile number, for the person's own requests", .keyedHash, .subjectRequest,
                .consent, .rule("incident-contacts")),
        ], lookups: [LookupColumn("mobile_hash", of: "mobile_encrypted")])

    /// Pictures of incidents, which may show people.
    static let incidentPhotos = PersonalTable(
        "grid.incident_photos", key: "incident_id", keyType: "uuid",
        columns: [
            PersonalColumn(
                "content", holds: "a picture without EXIF, on which people may be seen", .plain, .incidentHandling,
                .consent, .rule("incident-photos"),
                seenBy: [
                    .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker, .unitLiaison,
                    .propertyCompany,
                ])
        ])

    /// What whistles hold.
    static let whistles = PersonalTable(
        "grid.whistles", key: "id", keyType: "uuid", columns: [handling("reason", "why units are called")])

    /// What units answered.
    static let whistleCalls = PersonalTable(
        "grid.whistle_calls", key: "whistle_id", keyType: "uuid", columns: [handling("result", "what the unit did")])

    /// What came with a report over Open311.
    static let open311Requests = PersonalTable(
        "grid.open311_requests", key: "incident_id", keyType: "uuid",
        columns: [
            handling("address", "where it is, in words"), handling("media_url", "where a picture of it can be seen"),
        ])

    /// What was said to a report over Open311.
    static let open311Updates = PersonalTable(
        "grid.open311_updates", key: "id", keyType: "bigint",
        columns: [
            handling("description", "what was said to it"), handling("media_url", "where a picture of it can be seen"),
        ])

    private static func contact(
        _ name: String, _ holds: String, _ form: PersonalColumn.Form
    ) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .incidentHandling, .consent, .rule("incident-contacts"),
            seenBy: [.communitySecretary, .communityDesk, .gridWorker])
    }

    private static func handling(_ name: String, _ holds: String) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds + "; numbers of persons are refused or hidden (INV-30)", .plain, .incidentHandling,
            .statutoryDuty, .untilRemoved("as long as the incident is on file"),
            seenBy: [.townOfficer, .communitySecretary, .communityDesk, .unitLiaison, .propertyCompany])
    }
}

extension RetentionRule {
    /// The close of the incident, or its rejection or withdrawal, and six months: what was closed is archived, and whoever
    /// knows the reporter by events learns that he is to be forgotten.
    static let incidentReporters = RetentionRule(
        "incident-reporters", of: "incident-reporter", after: "the close of the incident", keeping: .months(6),
        telling: { ids, transaction in
            try await transaction.query(
                """
                select \(unescaped: IncidentColumns.list), now() as erased_at from grid.incidents
                where id = any(\(ids)::text[]::uuid[]) order by id
                """
            ).rows.map { row in
                let facts = try Incident(row).facts
                let event: any IncidentEvent =
                    facts.state == .archived ? IncidentArchived(incident: facts) : IncidentStated(incident: facts)
                return try OutgoingEvent(event, occurredAt: try row.decode("erased_at"))
            }
        }
    ) { due in
        """
        with due as (
            select i.id, i.reporter_id, i.version, i.state from grid.incidents i
            where ((i.state = 'closed' and i.closed_at < \(due.before))
                   or (i.state in ('rejected', 'withdrawn', 'joined') and i.reporter_id is not null
                       and \(ended: "i", before: due.before)))
              and \(notHeld: "incident-reporter", id: "i.id::text", on: due.day)
            order by i.id limit \(due.limit) for update skip locked
        ), steps as (
            update grid.incident_steps s set actor_id = '00000000-0000-0000-0000-000000000000'
            from due where s.incident_id = due.id and s.actor_id = due.reporter_id
        ), archiving as (
            insert into grid.incident_steps (incident_id, version, action, actor_id, at, state)
            select id, version + 1, 'archive', '00000000-0000-0000-0000-000000000000', now(), 'archived'
            from due where state = 'closed'
        )
        update grid.incidents i
        set reporter_id = null, state = case when i.state = 'closed' then 'archived' else i.state end,
            version = i.version + case when i.state = 'closed' then 1 else 0 end
        from due where i.id = due.id
        returning i.id::text as id
        """
    }

    /// The close of the incident, or its rejection or withdrawal, and six months (DOMAIN 4.3).
    static let incidentContacts = RetentionRule(
        "incident-contacts", of: "incident-contact", after: "the close of the incident", keeping: .months(6)
    ) { due in
        """
        delete from grid.incident_contacts where incident_id in (
            select c.incident_id from grid.incident_contacts c join grid.incidents i on i.id = c.incident_id
            where \(ended: "i", before: due.before)
              and \(notHeld: "incident-contact", id: "c.incident_id::text", on: due.day)
            order by c.incident_id limit \(due.limit) for update of c skip locked)
        returning incident_id::text as id
        """
    }
}

extension RetentionRule {
    /// The close of the incident, or its rejection or withdrawal, and six months (DOMAIN 4.3, PR-17).
    static let incidentPhotos = RetentionRule(
        "incident-photos", of: "incident-photo", after: "the close of the incident", keeping: .months(6)
    ) { due in
        """
        delete from grid.incident_photos where incident_id in (
            select i.id from grid.incidents i
            where \(ended: "i", before: due.before)
              and exists (select from grid.incident_photos p where p.incident_id = i.id)
              and \(notHeld: "incident-photo", id: "i.id::text", on: due.day)
            order by i.id limit \(due.limit) for update skip locked)
        returning incident_id::text as id
        """
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that an incident came to its end before a moment, in brackets.
    ///
    /// - Parameter incident: the name of the row of `grid.incidents`; trusted text.
    mutating func appendInterpolation(ended incident: String, before moment: Date) {
        appendLiteral("(\(incident).closed_at < ")
        appendInterpolation(moment)
        appendLiteral(" or (\(incident).state in ('rejected', 'withdrawn') and \(incident).reported_at < ")
        appendInterpolation(moment)
        appendLiteral(
            " and not exists (select from grid.incident_steps s where s.incident_id = \(incident).id and s.at >= ")
        appendInterpolation(moment)
        appendLiteral(")))")
    }
}
