import Hummingbird
import Models
import ServiceKit

/// The routes of reports.
struct ReportRoutes {
    let county: String
    let readDigest: ReadDigest
    let readVenueReport: ReadVenueReport
    let readGridReport: ReadGridReport
    let readIncidentSummary: ReadIncidentSummary

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
        addGrids(to: routes)
        addIncidents(to: routes)
    }

    private func addGrids(to routes: SuiteRoutes) {
        routes.get(
            "/v1/reports/grids",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { request, context -> Response in
            let form = try request.query("format") { SheetAnswer.Form(rawValue: $0) } ?? .json
            let report = try await readGridReport(scope: context.scope)
            let scope = context.scope.prefixes
            return try GridReportSheet.answer(report, county: county, scope: scope).answer(request, as: form)
                ?? GridReportBody(report, county: county, scope: scope).response(from: request, context: context)
        }
    }

    private func addIncidents(to routes: SuiteRoutes) {
        routes.get(
            "/v1/reports/incidents",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { request, context -> Response in
            let form = try request.query("format") { SheetAnswer.Form(rawValue: $0) } ?? .json
            let (from, to) = (
                try request.query("from") { CalendarDay($0) }, try request.query("to") { CalendarDay($0) }
            )
            let report = try await readIncidentSummary(scope: context.scope, from: from, to: to)
            let scope = context.scope.prefixes
            return try IncidentSummarySheet.answer(report, county: county, scope: scope).answer(request, as: form)
                ?? IncidentSummaryBody(report, county: county, scope: scope).response(from: request, context: context)
        }
    }
}
