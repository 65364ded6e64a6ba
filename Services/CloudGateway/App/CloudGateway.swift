import Foundation
import Messaging
import Models
import ServiceKit

/// The console's service: a picture of the county made of events, and reports over it.
package struct CloudGateway: SuiteService {
    package static let name = ServiceName.cloudGateway
    package static let defaultPort = 8100
    package static var migrations: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
    package static var openAPI: URL { Bundle.module.bundleURL.appendingPathComponent("openapi.yaml") }

    package static var personalData: PersonalDataInventory { .gateway }

    package let handlers: [any EventHandler]
    private let reports: ReportRoutes

    package init(context: ServiceContext) async throws {
        let clock = context.clock
        reports = ReportRoutes(
            county: context.county,
            readDigest: ReadDigest(store: PostgresDigestStore(executor: context.pool), now: { clock.now }),
            readVenueReport: ReadVenueReport(
                store: PostgresVenueReportStore(executor: context.pool), now: { clock.now }),
            readGridReport: ReadGridReport(
                store: PostgresGridReportStore(executor: context.pool), now: { clock.now }),
            readIncidentSummary: ReadIncidentSummary(
                store: PostgresIncidentSummaryStore(executor: context.pool), now: { clock.now }))
        handlers = [
            CountyEventHandler(
                project: ProjectCountyChanges(), projection: { PostgresCountyProjection(transaction: $0) })
        ]
    }

    package func addRoutes(to routes: SuiteRoutes) { reports.add(to: routes) }
}
