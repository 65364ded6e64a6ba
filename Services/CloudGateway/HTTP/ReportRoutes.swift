import Hummingbird
import Models
import ServiceKit

/// The routes of reports.
struct ReportRoutes {
    let county: String
    let readDigest: ReadDigest

    func add(to routes: SuiteRoutes) {
        routes.get(
            "/v1/reports/digest",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { _, context -> DigestBody in
            let (digest, readAt) = try await readDigest(scope: context.scope)
            return DigestBody(digest, county: county, readAt: readAt)
        }
    }
}
