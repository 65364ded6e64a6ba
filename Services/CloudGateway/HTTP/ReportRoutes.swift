import Hummingbird
import ServiceKit

/// The routes of reports.
struct ReportRoutes {
    let county: String
    let readDigest: ReadDigest

    func add(to router: SuiteRouter) {
        router.get("/v1/reports/digest") { _, _ -> DigestBody in
            let (digest, readAt) = try await readDigest()
            return DigestBody(digest, county: county, readAt: readAt)
        }
    }
}
