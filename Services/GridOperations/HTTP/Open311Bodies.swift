import Foundation
import Models
import ServiceKit

// The answers of Open311 GeoReport v2, with the names and the order of the standard.

extension Open311Document {
    /// `GET discovery`.
    ///
    /// - Parameters:
    ///   - address: where the interface is, without a slash at the end.
    ///   - changeset: since when the interface is as it is.
    package static func discovery(address: String, changeset: Date) -> Open311Document {
        let changeset = Open311Value.text(open311Time(changeset))
        let contact = "社区事件由所在社区受理 Incidents are taken by the community where they are"
        let keys = "请向区县管理员申请 api_key Ask the county's administrator for an api_key"
        let endpoint: [Open311Member] = [
            Open311Member("specification", .text("http://wiki.open311.org/GeoReport_v2")),
            Open311Member("url", .text(address)), Open311Member("changeset", changeset),
            Open311Member("type", .text("production")),
            Open311Member("formats", .list(of: "format", [.text("text/xml"), .text("application/json")])),
        ]
        return Open311Document(
            "discovery",
            .object([
                Open311Member("changeset", changeset), Open311Member("contact", .text(contact)),
                Open311Member("key_service", .text(keys)),
                Open311Member("endpoints", .list(of: "endpoint", [.object(endpoint)])),
            ]))
    }

    /// `GET services`.
    package static func services(_ categories: [CategoryRule]) -> Open311Document {
        let services = categories.map { category in
            Open311Value.object([
                Open311Member("service_code", .text(category.code)),
                Open311Member("service_name", .text(category.name.zh)),
                Open311Member("description", .text("\(category.name.zh) \(category.name.en)")),
                Open311Member("metadata", .flag(!category.attributes.isEmpty)),
                Open311Member("type", .text("realtime")),
                Open311Member("keywords", .text("\(category.name.zh),\(category.name.en.replacing(",", with: ""))")),
                Open311Member("group", .text(category.function.chineseName)),
            ])
        }
        return Open311Document("services", .list(of: "service", services))
    }

    /// `GET services/{service_code}`.
    package static func definition(_ category: CategoryRule) -> Open311Document {
        let attributes = category.attributes.enumerated().map { index, attribute in
            Open311Value.object([
                Open311Member("variable", .flag(true)), Open311Member("code", .text(attribute.code)),
                Open311Member("datatype", .text(attribute.kind.open311)),
                Open311Member("required", .flag(attribute.isRequired)),
                Open311Member("datatype_description", .nothing), Open311Member("order", .integer(index + 1)),
                Open311Member("description", .text("\(attribute.name.zh) \(attribute.name.en)")),
                Open311Member(
                    "values",
                    .list(
                        of: "value",
                        (attribute.choices ?? []).map {
                            .object([Open311Member("key", .text($0)), Open311Member("name", .text($0))])
                        })),
            ])
        }
        return Open311Document(
            "service_definition",
            .object([
                Open311Member("service_code", .text(category.code)),
                Open311Member("attributes", .list(of: "attribute", attributes)),
            ]))
    }

    /// The answer to `POST requests`: the number is known at once, so there is never a token in its place.
    package static func receipt(number: String, notice: String) -> Open311Document {
        requests([
            .object([
                Open311Member("service_request_id", .text(number)), Open311Member("service_notice", .text(notice)),
                Open311Member("account_id", .nothing),
            ])
        ])
    }

    /// `GET tokens/{token}`.
    package static func token(_ token: String, number: String) -> Open311Document {
        requests([
            .object([Open311Member("service_request_id", .text(number)), Open311Member("token", .text(token))])
        ])
    }

    /// `GET requests`, and a single one.
    ///
    /// - Parameter key: who asks; what he reported himself he sees whole.
    package static func requests(
        _ reports: [Open311Request], by rules: RulebookInForce, to key: Open311KeyID?
    ) -> Open311Document {
        requests(reports.map { request($0, by: rules, to: key) })
    }

    private static func requests(_ items: [Open311Value]) -> Open311Document {
        Open311Document("service_requests", .list(of: "request", items))
    }

    private static func request(
        _ report: Open311Request, by rules: RulebookInForce, to key: Open311KeyID?
    ) -> Open311Value {
        let incident = report.incident
        let category = incident.category.flatMap(rules.category)
        let isWhole = report.origin.key == key || category?.showsReports == true
        let position = incident.report.position
        // Of what is not for everybody the place is known to a kilometre.
        let (latitude, longitude) =
            isWhole
            ? (position.latitude, position.longitude)
            : ((position.latitude * 100).rounded() / 100, (position.longitude * 100).rounded() / 100)
        return .object([
            Open311Member("service_request_id", .text(incident.number)),
            Open311Member("status", .text(incident.state.open311)),
            Open311Member("status_notes", .text("\(incident.state.chinese) \(incident.state.rawValue)")),
            Open311Member("service_name", .optional(category?.name.zh ?? incident.category)),
            Open311Member("service_code", .optional(incident.category)),
            Open311Member("description", isWhole ? .text(incident.report.description) : .nothing),
            Open311Member("agency_responsible", .optional(incident.organisation)),
            Open311Member("service_notice", .nothing),
            Open311Member("requested_datetime", .text(open311Time(incident.report.reportedAt))),
            Open311Member("updated_datetime", .text(open311Time(report.updatedAt))),
            Open311Member("expected_datetime", .optional(report.dueAt.map(open311Time))),
            Open311Member("address", isWhole ? .optional(report.origin.address) : .nothing),
            Open311Member("address_id", isWhole ? .optional(report.origin.addressID) : .nothing),
            Open311Member("zipcode", .nothing), Open311Member("lat", .number(latitude)),
            Open311Member("long", .number(longitude)),
            Open311Member("media_url", isWhole ? .optional(report.origin.mediaURL) : .nothing),
        ])
    }

    /// `GET servicerequestupdates`.
    package static func updates(_ updates: [Open311Update]) -> Open311Document {
        let items = updates.map { update in
            Open311Value.object([
                Open311Member("update_id", .text("\(update.id)")),
                Open311Member("service_request_id", .text(update.number)),
                Open311Member("status", .text(update.state.open311)),
                Open311Member("updated_datetime", .text(open311Time(update.at))),
                Open311Member(
                    "description", .text(update.description ?? "\(update.state.chinese) \(update.state.rawValue)")),
                Open311Member("media_url", .optional(update.mediaURL)),
                Open311Member("external_status_code", .text(update.state.rawValue)),
            ])
        }
        return Open311Document("service_requests_updates", .list(of: "request_update", items))
    }

    /// The answer to `POST servicerequestupdates`.
    package static func updateReceipt(_ id: Int64) -> Open311Document {
        Open311Document(
            "service_request_updates",
            .list(of: "request_update", [.object([Open311Member("update_id", .text("\(id)"))])]))
    }

    /// Why a request is refused.
    package static func errors(_ errors: [(code: Int, description: String)]) -> Open311Document {
        Open311Document(
            "errors",
            .list(
                of: "error",
                errors.map {
                    .object([
                        Open311Member("code", .integer($0.code)), Open311Member("description", .text($0.description)),
                    ])
                }))
    }
}

/// A time in UTC to the second.
private func open311Time(_ date: Date) -> String { RFC3339.format(date).prefix(19) + "Z" }

extension IncidentState {
    /// The word of the standard.
    fileprivate var open311: String { isOpenByOpen311 ? "open" : "closed" }
}

extension AttributeRule.Kind {
    /// The word of the standard.
    fileprivate var open311: String {
        switch self {
        case .text: "string"
        case .number: "number"
        case .choice: "singlevaluelist"
        }
    }
}
