import Foundation
import Messaging
import Models
import ServiceKit

/// Grid operations: divisions, grids and their staff, and the incidents in them from report to close.
package struct GridOperations: SuiteService {
    package static let name = ServiceName.gridOperations
    package static let defaultPort = 8101
    package static var migrations: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
    package static var openAPI: URL { Bundle.module.bundleURL.appendingPathComponent("openapi.yaml") }
    package static var problemKinds: [ProblemKind] { ProblemKind.gridOperations + ProblemKind.venues }

    package static var personalData: PersonalDataInventory { .grid }

    package let announcers: [any Announcer]
    package let backgroundWork: [BackgroundWork]
    private let directory: DirectoryRoutes
    private let reforms: GridReformRoutes
    private let staff: GridStaffRoutes
    private let fields: FieldRoutes
    private let terms: TermRoutes
    private let incidents: IncidentRoutes
    private let whistles: WhistleRoutes
    private let joins: JoinRoutes
    private let photos: PhotoRoutes
    private let map: IncidentMapRoutes
    private let venues: VenueRoutes
    private let bookings: BookingRoutes
    private let subjects: SubjectRoutes
    private let rulebooks: RulebookRoutes
    private let open311: Open311Routes
    private let open311Keys: Open311KeyRoutes

    package init(context: ServiceContext) async throws {
        let now = context.now
        let divisions = PostgresDivisionStore(pool: context.pool, outbox: context.outbox)
        let grids = PostgresGridStore(pool: context.pool, outbox: context.outbox)
        let assignments = PostgresGridAssignmentStore(
            pool: context.pool, outbox: context.outbox, audit: context.audit, cipher: context.cipher)
        let shelf = RulebookShelf(pool: context.pool)
        let incidentStore = PostgresIncidentStore(
            pool: context.pool, outbox: context.outbox, audit: context.audit, shelf: shelf)
        let read = ReadDirectory(
            divisions: divisions, grids: grids, assignments: assignments,
            findings: PostgresGridFindings(pool: context.pool), now: now)
        let reform = ReformGrids(store: PostgresGridReformStore(pool: context.pool, outbox: context.outbox), now: now)
        reforms = GridReformRoutes(reform: reform)
        directory = DirectoryRoutes(
            registerDivisions: RegisterDivisions(
                store: divisions, county: DivisionCode(context.county), now: now),
            registerGrids: RegisterGrids(store: grids, now: now), read: read)
        staff = GridStaffRoutes(
            staffGrids: StaffGrids(store: assignments, now: now),
            endAssignment: EndGridAssignment(store: assignments, now: now), read: read,
            unmask: UnmaskGridStaff(
                people: PostgresGridPeople(
                    ledger: try context.unmaskLedger(context.cipher), cipher: context.cipher)))
        fields = FieldRoutes(
            fields: KeepFields(
                store: PostgresFieldStore(pool: context.pool, outbox: context.outbox, audit: context.audit), now: now))
        let keepTerms = KeepTerms(
            store: PostgresTermStore(pool: context.pool, outbox: context.outbox, audit: context.audit),
            assignments: assignments, now: now)
        terms = TermRoutes(terms: keepTerms)
        let report = ReportIncident(
            store: PostgresIncidentReportStore(
                pool: context.pool, outbox: context.outbox, audit: context.audit, cipher: context.cipher),
            grids: grids, rulebooks: shelf, now: now)
        (open311, open311Keys) = Self.open311(context, report, shelf)
        incidents = IncidentRoutes(
            report: report,
            importIncidents: ImportIncidents(store: PostgresIncidentImportStore(outbox: context.outbox), now: now),
            handle: HandleIncident(store: incidentStore, now: now), read: ReadIncidents(store: incidentStore),
            unmask: UnmaskIncidentContact(
                contacts: PostgresIncidentContacts(
                    ledger: try context.unmaskLedger(context.cipher), cipher: context.cipher)),
            list: ListIncidents(
                store: PostgresIncidentLists(pool: context.pool, audit: context.audit), now: now))
        map = IncidentMapRoutes(map: MapIncidents(store: PostgresIncidentMap(pool: context.pool)))
        joins = JoinRoutes(
            join: JoinIncidents(
                store: PostgresJoinStore(
                    pool: context.pool, outbox: context.outbox, audit: context.audit, shelf: shelf),
                read: ReadIncidents(store: incidentStore), now: now))
        whistles = WhistleRoutes(
            answer: AnswerWhistle(
                store: PostgresWhistleStore(pool: context.pool, outbox: context.outbox, shelf: shelf), now: now))
        photos = PhotoRoutes(
            photos: KeepPhotos(
                store: PostgresPhotoStore(pool: context.pool, outbox: context.outbox, audit: context.audit),
                cleaner: PictureCleaner(), now: now))
        let rulebookStore = PostgresRulebookStore(pool: context.pool, audit: context.audit)
        rulebooks = RulebookRoutes(
            keep: KeepRulebooks(store: rulebookStore, now: now),
            trial: TryRulebook(
                store: rulebookStore, rulebooks: shelf, history: PostgresIncidentHistory(pool: context.pool), now: now),
            inForce: shelf, now: now)
        let watch = WatchDeadlines(
            store: PostgresDeadlineStore(
                pool: context.pool, outbox: context.outbox, shelf: shelf, failpoints: context.failpoints), now: now,
            noteLag: { [lag = LagGauge("deadline_watch_lag_seconds")] in lag.set(seconds: $0) })
        let bookingStore = PostgresBookingStore(outbox: context.outbox, cipher: context.cipher)
        let bookingReader = PostgresBookingReader(pool: context.pool, audit: context.audit, cipher: context.cipher)
        let bookingWatch = WatchBookings(bookings: bookingReader, store: bookingStore, now: now)
        backgroundWork = [
            BackgroundWork(name: "deadlines") { try await watch.run() },
            BackgroundWork(name: "bookings") { try await bookingWatch.run() },
            BackgroundWork(name: "terms") { try await keepTerms.run() },
            BackgroundWork(name: "strays") { try await reform.followStrays() },
        ]
        subjects = SubjectRoutes(
            requests: SubjectRequests(
                pool: context.pool, outbox: context.outbox, audit: context.audit,
                holding: GridSubjects(cipher: context.cipher), now: now))
        venues = Self.venues(context)
        bookings = try Self.bookings(context, bookingStore, bookingReader)
        announcers = [
            PageAnnouncer.divisions(now: now), GridAnnouncer(now: now), PageAnnouncer.incidents(now: now),
            PageAnnouncer.stations(now: now), PageAnnouncer.facilities(now: now), PageAnnouncer.rooms(now: now),
            PageAnnouncer.bookings(now: now),
        ]
    }

    private static func bookings(
        _ context: ServiceContext, _ store: PostgresBookingStore, _ reader: PostgresBookingReader
    ) throws -> BookingRoutes {
        BookingRoutes(
            book: BookRoom(store: store, now: context.now), handle: HandleBooking(store: store, now: context.now),
            read: ReadBookings(store: reader, now: context.now),
            unmask: UnmaskBookingContact(
                contacts: PostgresBookingContacts(
                    ledger: try context.unmaskLedger(context.cipher), cipher: context.cipher)),
            feed: CalendarFeed(county: context.county))
    }

    private static func open311(
        _ context: ServiceContext, _ report: ReportIncident, _ shelf: RulebookShelf
    ) -> (Open311Routes, Open311KeyRoutes) {
        let keys = PostgresOpen311Keys(pool: context.pool, audit: context.audit)
        let answer = AnswerOpen311(
            store: PostgresOpen311Store(pool: context.pool, audit: context.audit), rulebooks: shelf,
            county: context.county, now: context.now)
        return (
            Open311Routes(
                answer: answer, report: report,
                door: Open311Door(check: CheckOpen311Key(store: keys, now: context.now)), now: context.now),
            Open311KeyRoutes(keep: KeepOpen311Keys(store: keys, now: context.now), answer: answer)
        )
    }

    private static func venues(_ context: ServiceContext) -> VenueRoutes {
        let stations = PostgresStationStore(pool: context.pool, outbox: context.outbox)
        let facilities = PostgresFacilityStore(pool: context.pool, outbox: context.outbox)
        let rooms = PostgresRoomStore(pool: context.pool, outbox: context.outbox)
        return VenueRoutes(
            registerStations: RegisterStations(store: stations, now: context.now),
            changeStation: ChangeStation(store: stations, now: context.now),
            facilities: KeepFacilities(store: facilities, now: context.now),
            rooms: KeepRooms(store: rooms, now: context.now),
            read: ReadVenues(
                stations: stations, facilities: facilities, rooms: rooms,
                findings: PostgresVenueFindings(pool: context.pool)))
    }

    package func addRoutes(to routes: SuiteRoutes) {
        directory.add(to: routes)
        reforms.add(to: routes)
        staff.add(to: routes)
        fields.add(to: routes)
        terms.add(to: routes)
        incidents.add(to: routes)
        whistles.add(to: routes)
        joins.add(to: routes)
        photos.add(to: routes)
        map.add(to: routes)
        venues.add(to: routes)
        bookings.add(to: routes)
        subjects.add(to: routes)
        rulebooks.add(to: routes)
        open311.add(to: routes)
        open311Keys.add(to: routes)
    }
}
