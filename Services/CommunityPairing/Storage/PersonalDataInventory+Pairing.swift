import Models
import Postgres
import ServiceKit

extension PersonalDataInventory {
    /// What community pairing keeps of persons.
    package static let pairing = PersonalDataInventory(
        tables: [
            PersonalTable(
                "pairing.units", key: "code", keyType: "text",
                columns: [
                    contact(
                        "contact_name_encrypted", "the contact person's name", .encrypted(field: "unit.contactName")),
                    contact(
                        "contact_mobile_encrypted", "the contact person's mobile number",
                        .encrypted(field: "unit.contactMobile")),
                    PersonalColumn(
                        "contact_hash", holds: "name and number, to see whether they changed", .keyedHash, .pairing,
                        .labourRelation, .rule("unit-contacts")),
                    PersonalColumn(
                        "contact_mobile_hash", holds: "the mobile number, to find the contact person by it", .keyedHash,
                        .pairing, .labourRelation, .rule("unit-contacts")),
                ],
                lookups: [
                    LookupColumn("contact_mobile_hash", of: "contact_mobile_encrypted"),
                    LookupColumn(
                        "contact_hash",
                        .values(
                            ["contact_mobile_encrypted", "contact_name_encrypted"],
                            field: ContactSealer.unitContactField)),
                ])
        ],
        retention: [contactRule],
        impersonal: [
            "pairing.units.contact_erased_at": "a time",
            "pairing.units.name": "an organisation's name",
            "pairing.units.member_count": "a count",
        ])

    /// The end of the unit's last pairing and six months; of a unit that nobody paired, six months from its last change.
    private static let contactRule = RetentionRule(
        "unit-contacts", of: "unit-contact", after: "the end of the unit's last pairing", keeping: .months(6)
    ) { due in
        """
        update pairing.units set contact_name_encrypted = null, contact_mobile_encrypted = null, contact_hash = null,
               contact_mobile_hash = null, contact_erased_at = now(), changed_at = now()
        where code in (
            select u.code from pairing.units u
            where u.contact_erased_at is null and u.changed_at < \(due.before)
              and not exists (select from pairing.pairings p
                              where p.unit_code = u.code
                                and p.to_day >= (\(due.before)::timestamptz at time zone 'Asia/Shanghai')::date)
              and \(notHeld: "unit-contact", id: "u.code", on: due.day)
            order by u.code limit \(due.limit) for update skip locked)
        returning code as id
        """
    }

    private static func contact(_ name: String, _ holds: String, _ form: PersonalColumn.Form) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .pairing, .labourRelation, .rule("unit-contacts"),
            seenBy: [.communitySecretary, .communityDesk, .unitLiaison])
    }
}
