import Models
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
                        .labourRelation, stays),
                    PersonalColumn(
                        "contact_mobile_hash", holds: "the mobile number, to find the contact person by it", .keyedHash,
                        .pairing, .labourRelation, stays),
                ], lookups: [LookupColumn("contact_mobile_hash", of: "contact_mobile_encrypted")])
        ],
        impersonal: [
            "pairing.units.name": "an organisation's name",
            "pairing.units.member_count": "a count",
        ])

    private static let stays = Retention.untilRemoved("until the unit names another contact person")

    private static func contact(_ name: String, _ holds: String, _ form: PersonalColumn.Form) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .pairing, .labourRelation, stays,
            seenBy: [.communitySecretary, .communityDesk, .unitLiaison])
    }
}
