import Models
import Postgres
import ServiceKit

extension PersonalDataInventory {
    /// What grid operations keep of persons.
    package static let grid = PersonalDataInventory(
        tables: [
            PersonalTable(
                "grid.people", key: "id", keyType: "uuid",
                columns: [
                    staff("identity_hash", "the identity number, to find the person again", .keyedHash),
                    staff(
                        "name_encrypted", "the name", .encrypted(field: "grid.people.name"), seenBy: Role.callersOfStaff
                    ),
                    staff(
                        "mobile_encrypted", "the mobile number", .encrypted(field: "grid.people.mobile"),
                        seenBy: Role.callersOfStaff),
                    staff("mobile_hash", "the mobile number, to find the person by it", .keyedHash),
                ], lookups: [LookupColumn("mobile_hash", of: "mobile_encrypted")]),
            PersonalTable(
                "grid.assignments", key: "id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "person_id", holds: "who holds the post, by an id", .plain, .staffing, .labourRelation,
                        .untilRemoved("as long as posts are counted; the id leads to nobody once the person is erased"))
                ]),
            PersonalTable(
                "grid.absences", key: "id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "substitute_id", holds: "who stands in for somebody of the staff, by an id", .plain, .staffing,
                        .labourRelation,
                        .untilRemoved("as long as posts are counted; the id leads to nobody once the person is erased"))
                ]),
            PersonalTable(
                "grid.field_owners", key: "field_id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "person_id", holds: "who answers for a responsibility field, by an id", .plain, .staffing,
                        .labourRelation,
                        .untilRemoved("as long as fields are counted; the id leads to nobody once the person is erased")
                    )
                ]),
            PersonalTable(
                "grid.incidents", key: "id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "reporter_id", holds: "who reported it, by the identity provider's id", .plain,
                        .incidentHandling,
                        .consent, .rule("incident-reporters")),
                    handling("title", "what was reported; numbers of persons are refused or hidden (INV-30)"),
                    handling("description", "what was reported, as the title"),
                    handling("result", "what was done"),
                    handling("attributes", "what its category asks about it, as the title"),
                    handling("handled_by", "who of the staff handled it, by an id"),
                ]),
            PersonalTable(
                "grid.incident_words", key: "incident_id", keyType: "uuid",
                columns: [handling("words", "pairs of signs of title and description, to find them by")]),
            PersonalTable(
                "grid.incident_steps", key: "incident_id", keyType: "uuid",
                columns: [
                    handling("actor_id", "who took the step, by an id; the reporter's goes with his"),
                    handling("note", "what was said to the step"),
                ]),
            .bookings, .incidentContacts, .incidentPhotos, .whistles, .whistleCalls, .open311Requests, .open311Updates,
        ],
        retention: [staffRule, .incidentReporters, .bookingApplicants, .incidentContacts, .incidentPhotos],
        impersonal: [
            "grid.divisions.name": "a place's name", "grid.grids.name": "a place's name",
            "grid.responsibility_fields.name": "buildings of a group",
            "grid.incidents.returned_by": "organisations", "grid.incident_photos.hash": "of a picture's content",
            "grid.stations.name": "a place's name",
            "grid.rooms.name": "a place's name", "grid.open311_keys.name": "a program's or an organisation's name",
            "grid.open311_requests.address_id": "the code of a grid",
            "grid.open311_keys.key_hash": "of a key that no person is known by",
            "grid.facilities.address": "where a public place is",
        ])

    /// The end of the last post and six months.
    private static let staffRule = RetentionRule(
        "grid-staff", of: "person", after: "the end of the last post", keeping: .months(6),
        locking: BulkLock.staff.statement
    ) { due in
        """
        update grid.people set identity_hash = null, name_encrypted = null, mobile_encrypted = null, mobile_hash = null,
               erased_at = now(), updated_at = now()
        where id in (
            select p.id from grid.people p
            where p.erased_at is null and p.updated_at < \(due.before)
              and not exists (select from grid.assignments a
                              where a.person_id = p.id and (a.ended_at is null or a.ended_at >= \(due.before)))
              and not exists (select from grid.field_owners o where o.person_id = p.id
                              and (upper_inf(o.during) or upper(o.during) >= \(due.before)::date))
              and \(notHeld: "person", id: "p.id::text", on: due.day)
            order by p.id limit \(due.limit))
        returning id::text as id
        """
    }

    private static func staff(
        _ name: String, _ holds: String, _ form: PersonalColumn.Form, seenBy: Set<Role> = []
    ) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .staffing, .labourRelation, .rule("grid-staff"), seenBy: seenBy)
    }

    private static func handling(_ name: String, _ holds: String) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, .plain, .incidentHandling, .statutoryDuty,
            .untilRemoved("as long as the incident is on file"),
            seenBy: [.townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker])
    }
}

extension Role {
    /// Who may call the staff of grids.
    fileprivate static let callersOfStaff: Set<Role> = [.townOfficer, .communitySecretary, .communityDesk]
}
