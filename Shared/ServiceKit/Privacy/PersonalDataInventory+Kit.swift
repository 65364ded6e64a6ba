import Models

extension PersonalDataInventory {
    /// What the kit itself keeps of persons in every service.
    package static let kit = PersonalDataInventory(
        tables: [
            PersonalTable(
                "service_kit.unmaskings", key: "id", keyType: "bigint",
                columns: [
                    staff("subject", "who unmasked a record", .securityAudit, .rule("unmaskings")),
                    PersonalColumn(
                        "reason_encrypted", holds: "why, in the caller's words",
                        .encrypted(field: UnmaskLedger.reasonField), .securityAudit, .statutoryDuty, .rule("unmaskings")
                    ),
                ]),
            PersonalTable(
                "service_kit.legal_holds", key: "id", keyType: "uuid",
                columns: [
                    staff("asked_by", "who asked for a hold", .securityAudit, proof),
                    staff("approved_by", "who approved it", .securityAudit, proof),
                ]),
            PersonalTable(
                "service_kit.subject_requests", key: "id", keyType: "uuid",
                columns: [
                    PersonalColumn(
                        "object_id", holds: "whose record was asked about, by an id", .plain, .subjectRequest,
                        .statutoryDuty, proof),
                    staff("opened_by", "who opened the request", .subjectRequest, proof),
                ]),
            PersonalTable(
                "service_kit.erasures", key: "hash", keyType: "bytea",
                columns: [
                    PersonalColumn(
                        "hash", holds: "who had himself erased, so that no sheet brings him back", .keyedHash,
                        .subjectRequest, .statutoryDuty, .untilRemoved("until the person agrees again")),
                    PersonalColumn(
                        "sealed", holds: "what the hash is made of, to change its key", .sealedDigest,
                        .subjectRequest, .statutoryDuty, .untilRemoved("until the person agrees again")),
                ], lookups: [LookupColumn("hash", .seal("sealed"))]),
        ],
        retention: [UnmaskLedger.retention],
        impersonal: [
            "service_kit.idempotency_keys.key": "a hash", "service_kit.idempotency_keys.body_hash": "a hash",
            "service_kit.idempotency_keys.answer": "ids and codes; personal values are kept out of stored answers",
            "service_kit.key_rotations.table_name": "a table",
            "service_kit.subject_requests.checked_by": "the kind of a document",
        ])

    private static let proof = Retention.untilRemoved("as long as it must be proved what was done")

    private static func staff(
        _ name: String, _ holds: String, _ purpose: Purpose, _ retention: Retention
    ) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds + ", by the identity provider's id", .plain, purpose, .statutoryDuty, retention)
    }
}
