import Hummingbird
import Models
import ServiceKit

/// The routes of reports.
struct ReportRoutes {
    let county: String
    let readDigest: ReadDigest
    let readVenueReport: ReadVenueReport

    func add(to routes: SuiteRoutes) {
        routes.get(
            "/v1/reports/digest",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { _, context -> DigestBody in
            let (digest, readAt) = try await readDigest(scope: context.scope)
            return DigestBody(digest, county: county, readAt: readAt)
        }
        routes.get(
            "/v1/reports/stations",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { request, context -> Response in
            let form = try request.query("format") { SheetAnswer.Form(rawValue: $0) } ?? .json
            let report = try await readVenueReport(scope: context.scope)
            let scope = context.scope.prefixes
            let sheet = VenueReportSheet.answer(report, county: county, scope: scope)
            guard let file = try sheet.answer(request, as: form) else {
                return try VenueReportBody(report, county: county, scope: scope)
                    .response(from: request, context: context)
            }
            return file
        }
    }
}
