import Models

extension PersonalDataInventory {
    /// What the kit itself keeps of persons in every service.
    package static let kit = PersonalDataInventory(
        tables: [
            PersonalTable(
                "service_kit.unmaskings", key: "id", keyType: "bigint",
                columns: [
                    PersonalColumn(
                        "subject", holds: "who unmasked a record, by the identity provider's id", .plain,
                        .securityAudit,
                        .statutoryDuty, .rule("unmaskings")),
                    PersonalColumn(
                        "reason_encrypted", holds: "why, in the caller's words",
                        .encrypted(field: UnmaskLedger.reasonField),
                        .securityAudit, .statutoryDuty, .rule("unmaskings")),
                ])
        ],
        retention: [UnmaskLedger.retention],
        impersonal: [:])
}
