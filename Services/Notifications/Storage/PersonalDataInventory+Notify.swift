import Models
import ServiceKit

extension PersonalDataInventory {
    /// What notifications keep of persons: ids alone.
    package static let notify = PersonalDataInventory(
        tables: [
            PersonalTable(
                "notify.grid_assignments", key: "assignment_id", keyType: "uuid",
                columns: [id("person_id", "who holds the post", .labourRelation, "until the post ends")]),
            PersonalTable(
                "notify.inboxes", key: "person_id", keyType: "uuid",
                columns: [id("person_id", "whose inbox it is", .labourRelation, "as long as the account")]),
            PersonalTable(
                "notify.deliveries", key: "id", keyType: "bigint",
                columns: [
                    id("person_id", "who was told", .labourRelation, "as long as the account"),
                    id(
                        "reporter_id", "who reported, while the delivery waits", .consent,
                        "until the delivery is settled"),
                ]),
        ],
        impersonal: [
            "notify.deliveries.reason": "a code", "notify.unaddressed.reason": "a code",
        ])

    private static func id(_ name: String, _ holds: String, _ ground: LegalGround, _ end: String) -> PersonalColumn {
        PersonalColumn(name, holds: holds + ", by an id", .plain, .noticeDelivery, ground, .untilRemoved(end))
    }
}
