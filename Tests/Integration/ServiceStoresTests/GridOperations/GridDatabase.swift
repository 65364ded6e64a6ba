import Foundation
import GridOperationsService
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// A database with the tables of grid operations, its stores and a clock that stands still.
struct GridDatabase {
    static let audit = AuditTrail(service: .gridOperations)
    static let moment = Date(timeIntervalSince1970: 1_627_800_000)
    /// Keys that protect nothing: of 32 equal bytes each.
    private static let keys = """
        {"current": "a", "keys": {"a": "\(Data(repeating: 1, count: 32).base64EncodedString())"},
         "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
        """

    let pool: PostgresPool
    let outbox: Outbox
    let cipher: AESFieldCipher
    let grids: PostgresGridStore
    let assignments: PostgresGridAssignmentStore
    let incidents: PostgresIncidentStore
    let shelf: RulebookShelf

    var registerDivisions: RegisterDivisions { RegisterDivisions(store: divisions, county: nil, now: { Self.moment }) }
    var registerGrids: RegisterGrids { RegisterGrids(store: grids, now: { Self.moment }) }
    var staff: StaffGrids { StaffGrids(store: assignments, now: { Self.moment }) }
    var importIncidents: ImportIncidents {
        ImportIncidents(store: PostgresIncidentImportStore(outbox: outbox), now: { Self.moment })
    }
    var stations: PostgresStationStore { PostgresStationStore(pool: pool, outbox: outbox) }
    var registerStations: RegisterStations { RegisterStations(store: stations, now: { Self.moment }) }
    var changeStation: ChangeStation { ChangeStation(store: stations, now: { Self.moment }) }
    var facilities: KeepFacilities {
        KeepFacilities(store: PostgresFacilityStore(pool: pool, outbox: outbox), now: { Self.moment })
    }
    var roomStore: PostgresRoomStore { PostgresRoomStore(pool: pool, outbox: outbox) }
    var rooms: KeepRooms { KeepRooms(store: roomStore, now: { Self.moment }) }
    var bookingStore: PostgresBookingStore { PostgresBookingStore(outbox: outbox, cipher: cipher) }
    var book: BookRoom { BookRoom(store: bookingStore, now: { Self.moment }) }
    var handleBooking: HandleBooking { HandleBooking(store: bookingStore, now: { Self.moment }) }
    var bookings: PostgresBookingReader { PostgresBookingReader(pool: pool, audit: Self.audit, cipher: cipher) }
    var divisions: PostgresDivisionStore { PostgresDivisionStore(pool: pool, outbox: outbox) }

    /// Takes reports in, by default at `moment`.
    func report(at moment: Date = moment) -> ReportIncident {
        ReportIncident(
            store: PostgresIncidentReportStore(pool: pool, outbox: outbox, audit: Self.audit, cipher: cipher),
            grids: grids, rulebooks: shelf, now: { moment })
    }

    /// Lists incidents, by default at `moment`.
    func lists(at moment: Date = moment) -> ListIncidents {
        ListIncidents(store: PostgresIncidentLists(pool: pool, audit: Self.audit), now: { moment })
    }

    /// A page of a list at `moment`.
    func lists(
        _ query: IncidentQuery, scope: ScopeFilter, after place: ListPlace?, limit: Int
    ) async throws -> [ListedIncident] {
        try await lists()(query, scope: scope, after: place, limit: limit)
    }

    /// Carries out orders, by default at `moment`.
    func handle(at moment: Date = moment) -> HandleIncident { HandleIncident(store: incidents, now: { moment }) }

    /// Lends an empty one to `body`.
    static func with(_ body: (GridDatabase) async throws -> Void) async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: keys))
        try await TestDatabase.with(named: "grids", extensions: ["postgis"]) { database in
            let pool = try await database.migrated(.gridOperations, GridOperations.migrations).pool(size: 16)
            let outbox = Outbox(pool: pool, companion: Self.audit)
            let shelf = RulebookShelf(pool: pool)
            let grids = GridDatabase(
                pool: pool, outbox: outbox, cipher: cipher, grids: PostgresGridStore(pool: pool, outbox: outbox),
                assignments: PostgresGridAssignmentStore(
                    pool: pool, outbox: outbox, audit: Self.audit, cipher: cipher),
                incidents: PostgresIncidentStore(pool: pool, outbox: outbox, audit: Self.audit, shelf: shelf),
                shelf: shelf)
            try await RowScope.service { try await body(grids) }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// Lends one with the community …001: two areas side by side, two groups in the west of the first.
    static func withGrids(_ body: (GridDatabase) async throws -> Void) async throws {
        try await with { database in
            let divisions = try await database.registerDivisions([
                GridRows.division(2, "532923"), GridRows.division(3, "532923100"), GridRows.division(4, "532923100001"),
            ])
            #expect(divisions.tally == ["accepted": 3])
            let grids = try await database.registerGrids([
                GridRows.grid(2, "532923100001001", GridRows.box(0, 0, 20, 20)),
                GridRows.grid(3, "532923100001002", GridRows.box(20, 0, 40, 20)),
                GridRows.grid(4, "53292310000100101", GridRows.box(0, 0, 10, 10)),
                GridRows.grid(5, "53292310000100102", GridRows.box(0, 10, 10, 20)),
            ])
            #expect(grids.tally == ["accepted": 4])
            try await body(database)
        }
    }

    /// The outbox as pairs of event name and key, in the order of positions.
    func events() async throws -> [String] {
        try await pool.query("select type, key from messaging.outbox order by position").rows.map { row in
            let type = try row.decode("type", as: String.self).split(separator: ".")
            return "\(type[type.count - 2]) \(try row.decode("key", as: String.self))"
        }
    }

    /// One number of a query.
    func number(_ query: PostgresStatement) async throws -> Int {
        try #require(try await pool.query(query).rows.first).decode(at: 0)
    }
}

/// Rows of a made-up county.
enum GridRows {
    /// A rectangle in thousandths of a degree from 100.5 east, 25.4 north.
    static func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) -> String {
        let (x, y) = ({ 100.5 + $0 / 1000 }, { 25.4 + $0 / 1000 })
        return "POLYGON((\(x(west)) \(y(south)),\(x(east)) \(y(south)),\(x(east)) \(y(north)),"
            + "\(x(west)) \(y(north)),\(x(west)) \(y(south))))"
    }

    static func division(_ row: Int, _ code: String, name: String = "某地") -> Numbered<DivisionDraft> {
        let level = [6: "county", 9: "town", 12: "community"][code.utf8.count]
        return Numbered(row: row, DivisionDraft(code: code, name: name, level: level))
    }

    static func grid(_ row: Int, _ code: String, _ boundary: String) -> Numbered<GridDraft> {
        let isArea = code.utf8.count == 15
        return Numbered(
            row: row,
            GridDraft(
                code: code, name: "某网格", level: isArea ? "area" : "group",
                parentCode: String(code.prefix(isArea ? 12 : 15)), households: 258, boundary: boundary))
    }

    /// An identity number that belongs to nobody, with its check character.
    static func identityNumber(_ index: Int) -> String {
        let body = "990000" + String(1960 + index / 1000) + "0609" + String(1000 + index % 1000).suffix(3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    static func holder(
        _ row: Int, _ grid: String, _ role: GridRole, person: Int, name: String = "欧阳春梅"
    ) -> Numbered<AssignmentDraft> {
        Numbered(
            row: row,
            AssignmentDraft(
                gridCode: grid, role: role.rawValue, identityNumber: identityNumber(person), name: name,
                mobile: "154" + String(100_000_000 + person).suffix(8)))
    }

    /// A report at a point in thousandths of a degree, as in `box`.
    static func report(x: Double = 5, y: Double = 5, title: String = "消防通道堵塞") -> IncidentDraft {
        IncidentDraft(
            function: "emergencyManagement", title: title, description: "楼道里堆放杂物", longitude: 100.5 + x / 1000,
            latitude: 25.4 + y / 1000, source: "resident", urgency: "ordinary")
    }

    /// Old incidents `E<index>`, spread over the grids and over ten days.
    static func incidents(_ indices: Range<Int>, title: String = "消防通道堵塞") -> [Numbered<IncidentDraft>] {
        indices.map { index in
            var draft = report(x: Double(index % 39) + 0.5, y: Double(index % 19) + 0.5, title: title)
            draft.externalNumber = "E\(index)"
            draft.reportedAt = GridDatabase.moment.addingTimeInterval(-60 * Double(1 + index % 14_400))
            return Numbered(row: index + 2, draft)
        }
    }

    static func key(_ value: String, body: String = "{}") throws -> IdempotencyKey {
        try IdempotencyKey(value, operation: "POST /v1/incidents", body: Array(body.utf8))
    }
}
