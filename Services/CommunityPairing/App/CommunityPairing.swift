import Foundation
import Messaging
import Models
import ServiceKit

/// Community pairing: the county's units, and which of them helps which community or village.
package struct CommunityPairing: SuiteService {
    package static let name = ServiceName.communityPairing
    package static let defaultPort = 8103
    package static var migrations: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
    package static var openAPI: URL { Bundle.module.bundleURL.appendingPathComponent("openapi.yaml") }

    package static var personalData: PersonalDataInventory { .pairing }

    package let handlers: [any EventHandler]
    package let announcers: [any Announcer]
    private let units: UnitRoutes
    private let pairings: PairingRoutes
    private let subjects: SubjectRoutes

    /// Joins stores, use cases, the reader and routes.
    ///
    /// - Throws: `SettingFault` without keys for personal fields: the contacts of units cannot be kept then.
    package init(context: ServiceContext) async throws {
        let cipher = try context.cipherWithKeys(for: BilingualText("结对共建服务", "community pairing"))
        let now = context.now
        let unitStore = PostgresUnitStore(
            pool: context.pool, outbox: context.outbox, audit: context.audit, cipher: cipher)
        let pairingStore = PostgresPairingStore(pool: context.pool, outbox: context.outbox)
        units = UnitRoutes(
            enrol: EnrolUnits(store: unitStore, now: now), read: ReadUnits(store: unitStore),
            unmask: UnmaskUnitContact(
                contacts: PostgresUnitContacts(ledger: try context.unmaskLedger(cipher), cipher: cipher)))
        pairings = PairingRoutes(
            activate: ActivatePairings(store: pairingStore, now: now), read: ReadPairings(store: pairingStore))
        subjects = SubjectRoutes(
            requests: SubjectRequests(
                pool: context.pool, outbox: context.outbox, audit: context.audit,
                holding: UnitContactSubjects(cipher: cipher, county: context.county), now: now))
        handlers = [DivisionReader(divisions: .pairing)]
        announcers = [PageAnnouncer.units(now: now), PageAnnouncer.pairings(now: now)]
    }

    package func addRoutes(to routes: SuiteRoutes) {
        units.add(to: routes)
        pairings.add(to: routes)
        subjects.add(to: routes)
    }
}
