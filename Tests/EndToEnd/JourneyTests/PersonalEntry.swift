/// A route that takes something in.
struct PersonalEntry {
    let service: String
    let path: String
    let role: String
    let scope: String
    let fields: [String]
    var isBulk: Bool { path.hasSuffix("/bulk") }

    static let all =
        ["talent-registry", "grid-operations", "community-pairing", "notifications"].flatMap { service in
            ["identityNumber", "mobile", "personID", "objectID", "checkedBy", "kind"].map { field in
                PersonalEntry(
                    service: service, path: "/v1/subject-requests", role: "community-desk", scope: "532923999001",
                    fields: [field])
            }
        } + intakes

    private static let intakes = [
        PersonalEntry(
            service: "grid-operations", path: "/v1/divisions/bulk", role: "county-admin", scope: "532923",
            fields: ["code", "name", "level", "kind", "households"]),
        PersonalEntry(
            service: "grid-operations", path: "/v1/grids/bulk", role: "county-admin", scope: "532923",
            fields: ["code", "name", "level", "parentCode", "households", "boundary"]),
        PersonalEntry(
            service: "grid-operations", path: "/v1/grid-assignments/bulk", role: "county-admin", scope: "532923",
            fields: ["gridCode", "role", "identityNumber", "name", "mobile", "teamCode"]),
        PersonalEntry(
            service: "grid-operations", path: "/v1/incidents/bulk", role: "town-officer", scope: "532923100",
            fields: ["externalNumber", "reportedAt", "function", "title", "description", "source", "urgency"]),
        PersonalEntry(
            service: "grid-operations", path: "/v1/incidents", role: "resident", scope: "self",
            fields: ["function", "title", "description", "source", "urgency", "reporterID"]),
        PersonalEntry(
            service: "grid-operations", path: "/v1/grid-assignments/{}/unmask", role: "town-officer",
            scope: "532923100",
            fields: ["purpose", "reason"]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/party-organisations/bulk", role: "county-admin", scope: "532923",
            fields: ["code", "name", "kind", "parentCode", "divisionCode"]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/member-counts/bulk", role: "county-admin", scope: "532923",
            fields: ["organisationCode", "asOf", "total"]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/talents/bulk", role: "county-admin", scope: "532923",
            fields: [
                "identityNumber", "name", "gender", "birthDate", "mobile", "divisionCode", "category", "education",
                "residence", "skill", "willingness",
            ]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/talents/find", role: "town-officer", scope: "532923101",
            fields: ["identityNumber"]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/talents/{}/unmask", role: "town-officer", scope: "532923100",
            fields: ["purpose", "reason"]),
        PersonalEntry(
            service: "community-pairing", path: "/v1/units/bulk", role: "county-admin", scope: "532923",
            fields: ["code", "name", "kind", "contactName", "contactMobile"]),
        PersonalEntry(
            service: "community-pairing", path: "/v1/pairings/bulk", role: "county-admin", scope: "532923",
            fields: ["unitCode", "targetCode", "from", "to"]),
        PersonalEntry(
            service: "community-pairing", path: "/v1/units/{}/contact/unmask", role: "community-desk",
            scope: "532923100001", fields: ["purpose", "reason"]),
        PersonalEntry(
            service: "talent-registry", path: "/v1/legal-holds", role: "privacy-officer", scope: "*",
            fields: ["objectType", "objectID", "until", "ground"]),
    ]

    static let reads = [
        ("grid-operations", "/v1/incidents?cursor={}", "town-officer", "532923100"),
        ("grid-operations", "/v1/incidents/{}", "town-officer", "532923100"),
        ("grid-operations", "/v1/grids/{}", "town-officer", "532923100"),
        ("talent-registry", "/v1/talents?limit={}", "town-officer", "532923100"),
        ("talent-registry", "/v1/talents?division={}", "town-officer", "532923100"),
        ("community-pairing", "/v1/pairings?unit={}", "county-admin", "532923"),
        ("notifications", "/v1/inbox/{}", "resident", "self"),
        ("cloud-gateway", "/v1/audit-trail?cursor={}", "audit-admin", "*"),
    ]
}
