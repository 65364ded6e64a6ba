import Foundation
import Messaging
import Models
import ServiceKit

/// The talent registry: Party organisations, their member counts, and the talent ledger.
package struct TalentRegistry: SuiteService {
    package static let name = ServiceName.talentRegistry
    package static let defaultPort = 8102
    package static var migrations: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
    package static var openAPI: URL { Bundle.module.bundleURL.appendingPathComponent("openapi.yaml") }

    package static var personalData: PersonalDataInventory { .talent }

    package let handlers: [any EventHandler]
    package let announcers: [any Announcer]
    private let organisations: PartyOrganisationRoutes
    private let talents: TalentRoutes
    private let subjects: SubjectRoutes

    /// Joins stores, use cases, the reader and routes.
    ///
    /// - Throws: `SettingFault` without keys for personal fields: the ledger cannot be kept then.
    package init(context: ServiceContext) async throws {
        let cipher = try context.cipherWithKeys(for: BilingualText("人才库", "the talent registry"))
        let now = context.now
        let organisationStore = PostgresPartyOrganisationStore(
            pool: context.pool, outbox: context.outbox, audit: context.audit)
        let talentStore = PostgresTalentStore(
            pool: context.pool, outbox: context.outbox, audit: context.audit, cipher: cipher)
        organisations = PartyOrganisationRoutes(
            register: RegisterPartyOrganisations(store: organisationStore, now: now),
            report: ReportMemberCounts(store: organisationStore, now: now),
            read: ReadPartyOrganisations(store: organisationStore))
        let people = PostgresTalentPeople(
            pool: context.pool, audit: context.audit, ledger: try context.unmaskLedger(cipher), cipher: cipher)
        talents = TalentRoutes(
            list: ListTalents(store: talentStore, now: now), read: ReadTalents(store: talentStore),
            find: FindTalent(people: people), unmask: UnmaskTalent(people: people))
        subjects = SubjectRoutes(
            requests: SubjectRequests(
                pool: context.pool, outbox: context.outbox, audit: context.audit,
                holding: TalentSubjects(cipher: cipher), now: now))
        handlers = [DivisionReader(divisions: .talent)]
        announcers = [PartyOrganisationAnnouncer(now: now), PageAnnouncer.talents(now: now)]
    }

    package func addRoutes(to routes: SuiteRoutes) {
        organisations.add(to: routes)
        talents.add(to: routes)
        subjects.add(to: routes)
    }
}
