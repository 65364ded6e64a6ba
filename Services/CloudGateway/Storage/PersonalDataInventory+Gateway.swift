import Models
import ServiceKit

extension PersonalDataInventory {
    /// What the cloud gateway keeps of persons: one id a counted entry, and nothing about whom it is.
    package static let gateway = PersonalDataInventory(
        tables: [
            PersonalTable(
                "gateway.talents", key: "talent_id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "talent_id", holds: "which entry is counted, by an id", .plain, .statistics, .consent,
                        .untilRemoved("until the entry is taken off the ledger"))
                ])
        ],
        impersonal: ["gateway.divisions.name": "a place's name"])
}
