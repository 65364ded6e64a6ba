import Models
import ServiceKit

extension PersonalDataInventory {
    /// What the talent registry keeps of persons.
    package static let talent = PersonalDataInventory(
        tables: [
            PersonalTable(
                "talent.persons", key: "id", keyType: "uuid",
                columns: [
                    listed("id", "the person's id in this service", .plain),
                    listed("identity_hash", "the identity number, to find the person again", .keyedHash),
                    listed("identity_sealed", "what that hash is made of, to change its key", .sealedDigest),
                    listed(
                        "name_encrypted", "the name", .encrypted(field: "person.name"),
                        seenBy: [.townOfficer, .gateReviewer, .communitySecretary]),
                    listed(
                        "mobile_encrypted", "the mobile number", .encrypted(field: "person.mobile"),
                        seenBy: [.townOfficer, .gateReviewer]),
                    listed("contact_hash", "name and number, to see whether they changed", .keyedHash),
                    listed("mobile_hash", "the mobile number, to find the person by it", .keyedHash),
                    listed("birth_year", "the year of birth", .plain, seenBy: Role.readersOfTalents),
                    listed("gender", "the gender", .plain, seenBy: Role.readersOfTalents),
                ],
                lookups: [
                    LookupColumn("identity_hash", .seal("identity_sealed")),
                    LookupColumn("mobile_hash", of: "mobile_encrypted"),
                    LookupColumn(
                        "contact_hash", .values(["mobile_encrypted", "name_encrypted"], field: "person.contact")),
                ]),
            PersonalTable(
                "talent.talents", key: "id", keyType: "uuid",
                columns: [
                    listed("person_id", "whose entry it is", .plain),
                    listed("category", "what the person is counted as", .plain, seenBy: Role.readersOfTalents),
                    listed("education", "the highest education", .plain, seenBy: Role.readersOfTalents),
                    listed("residence", "where the person lives, coarsely", .plain, seenBy: Role.readersOfTalents),
                    listed("skill", "what the person is good at", .plain, seenBy: Role.readersOfTalents),
                    listed("willingness", "whether the person would come back", .plain, seenBy: Role.readersOfTalents),
                ]),
        ],
        impersonal: [
            "talent.party_organisations.name": "an organisation's name"
        ], holdable: ["talent"])

    private static func listed(
        _ name: String, _ holds: String, _ form: PersonalColumn.Form, seenBy: Set<Role> = []
    ) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .talentListing, .consent,
            .untilRemoved("until the person is taken off the ledger"), seenBy: seenBy)
    }
}

extension Role {
    /// Who lists the ledger.
    fileprivate static let readersOfTalents: Set<Role> = [.townOfficer, .gateReviewer, .assessor, .communitySecretary]
}
