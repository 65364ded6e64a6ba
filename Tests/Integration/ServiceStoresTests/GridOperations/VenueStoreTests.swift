import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct VenueStoreTests {
    private let community = "532923100001"

    private func station(_ row: Int, _ code: String, in division: String = "532923100001") -> Numbered<StationDraft> {
        Numbered(
            row: row,
            StationDraft(code: code, name: "某服务站", kind: "station", divisionCode: division, openedYear: 2020))
    }

    private func room(_ row: Int, _ kind: String) -> Numbered<RoomDraft> {
        Numbered(
            row: row,
            RoomDraft(
                divisionCode: community, kind: kind, areaSquareMetres: 75, tenure: "rented", capacity: 58,
                openTo: "resident"))
    }

    private func key(_ value: String) throws -> IdempotencyKey {
        try IdempotencyKey(value, operation: "POST /v1/stations", body: [])
    }

    @Test func `stations of a sheet are open, and imported again they say nothing`() async throws {
        try await GridDatabase.withGrids { database in
            let rows = [station(2, "Y001"), station(3, "Y002"), station(4, "Y003", in: "532923100009")]
            let outcomes = try await database.registerStations(rows, scope: .everything)
            #expect(outcomes.tally == ["accepted": 2, "divisionCode:reference-unknown": 1])
            let events = try await database.events()
            #expect(events.suffix(2).allSatisfy { $0.hasPrefix("StationOpened ") })
            let again = try await database.registerStations(Array(rows.prefix(2)), scope: .everything)
            #expect(again.tally == ["unchanged": 2])
            #expect(try await database.events() == events)
            let listed = try await database.stations.list(
                StationFilter(kind: .station, state: .open), scope: .everything, after: "Y001", limit: 10)
            #expect(listed.map(\.stated.code) == ["Y002"])
        }
    }

    @Test func `two imports of the same new station at once make one`() async throws {
        try await GridDatabase.withGrids { database in
            let rows = [station(2, "Y001")]
            let tallies = try await withThrowingTaskGroup(of: [String: Int].self) { group in
                for _ in 0..<8 {
                    group.addTask { try await database.registerStations(rows, scope: .everything).tally }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(tallies.filter { $0 == ["accepted": 1] }.count == 1)
            #expect(tallies.filter { $0 == ["unchanged": 1] }.count == 7)
        }
    }

    @Test func `a station is planned once a key, a taken number is told, and orders follow its version`() async throws {
        try await GridDatabase.withGrids { database in
            let draft = StationDraft(code: "Y009", name: "新站", kind: "station", divisionCode: community)
            let change = database.changeStation
            let planned = try await change.plan(draft, key: key("a"), scope: .everything)
            #expect(try await change.plan(draft, key: key("a"), scope: .everything) == planned)
            let taken = await #expect(throws: RowFaults.self) {
                _ = try await change.plan(draft, key: key("b"), scope: .everything)
            }
            #expect(taken?.faults.map(\.code) == [.codeTaken])
            var elsewhere = draft
            (elsewhere.code, elsewhere.divisionCode) = ("Y010", "532923100009")
            let unknown = await #expect(throws: RowFaults.self) {
                _ = try await change.plan(elsewhere, key: key("c"), scope: .everything)
            }
            #expect(unknown?.faults.map(\.code) == [.referenceUnknown])
            let opened = try await change(
                .open, on: planned.id, StationCommandDraft(), ifVersion: 1, scope: .everything)
            #expect(opened.state == .open && opened.openedOn?.description == "2021-08-01")
            await #expect(throws: VersionMismatch.self) {
                _ = try await change(.close, on: planned.id, StationCommandDraft(), ifVersion: 1, scope: .everything)
            }
            let mine = ScopeFilter([.division(try #require(DivisionPrefix("532923100002")))])
            await #expect(throws: VenueNotFound.self) {
                _ = try await change(.close, on: planned.id, StationCommandDraft(), ifVersion: nil, scope: mine)
            }
            #expect(try await database.stations.find(planned.id, scope: .everything) == opened)
            #expect(
                try await database.events().suffix(2) == [
                    "StationPlanned \(planned.id)", "StationOpened \(planned.id)",
                ])
        }
    }

    @Test func `rooms keep their hours when a sheet comes again, and tell others when their facility changes`()
        async throws
    {
        try await GridDatabase.withGrids { database in
            let rows = [room(2, "meeting"), room(3, "archive")]
            #expect(try await database.rooms.register(rows, scope: .everything).tally == ["accepted": 2])
            let meeting = try #require(
                try await database.roomStore.list(
                    RoomFilter(kind: .meeting), scope: .everything, after: nil, limit: 1
                ).first)
            let facility = try await database.facilities.add(
                FacilityDraft(
                    divisionCode: community, address: "文苑路1号", tenure: "free", provisionWay: "developerProvision"),
                key: key("f"), scope: .everything)
            let hours = OpeningHoursDraft(
                weekly: [
                    OpeningHoursDraft.Weekday(weekday: 1, spans: [OpeningHoursDraft.Span(from: "08:30", to: "11:30")])
                ])
            let settings = RoomSettingsDraft(
                name: RoomKind.meeting.chinese, areaSquareMetres: 75, capacity: 58, openTo: "resident",
                facilityID: facility.id.description, bookable: true, openingHours: hours)
            let changed = try await database.rooms.replace(meeting.id, settings, ifVersion: 1, scope: .everything)
            #expect(changed.tenure == .free && !changed.hours.isEmpty)
            #expect(try await database.roomStore.find(meeting.id, scope: .everything) == changed)
            // The same again is no news.
            let events = try await database.events()
            _ = try await database.rooms.replace(meeting.id, settings, ifVersion: 2, scope: .everything)
            #expect(try await database.events() == events)

            let moved = try await database.facilities.replace(
                facility.id, FacilityDraft(divisionCode: community, address: "文苑路1号", tenure: "rented"), ifVersion: 1,
                scope: .everything)
            #expect(moved.version == 2)
            #expect(
                try await database.events().suffix(2) == [
                    "FacilityChanged \(facility.id)", "RoomChanged \(meeting.id)",
                ])
            let found = try #require(try await database.roomStore.find(meeting.id, scope: .everything))
            #expect(found.tenure == .rented)

            #expect(
                try await database.rooms.register([room(2, "meeting")], scope: .everything).tally == ["accepted": 1])
            let again = try #require(try await database.roomStore.find(meeting.id, scope: .everything))
            #expect(again.hours == changed.hours && again.facilityID == facility.id && again.tenure == .rented)
        }
    }

    @Test func `the database itself refuses an archive room that is bookable`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.rooms.register([room(2, "archive")], scope: .everything)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.pool.query("update grid.rooms set is_bookable = true where kind = 'archive'")
            }
            #expect(error?.constraint == "rooms_bookable_check")
        }
    }

    @Test func `what a community lacks of one station and six rooms is a finding, page by page`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.rooms.register(
                [room(2, "meeting"), room(3, "archive"), room(4, "peopleService")], scope: .everything)
            _ = try await database.registerStations([station(2, "Y001")], scope: .everything)
            let findings = PostgresVenueFindings(pool: database.pool)
            var all: [VenueFinding] = []
            while true {
                let after = all.last.map { [$0.divisionCode.digits, $0.kind.rawValue, $0.subject ?? "-"] }
                let page = try await findings.list(divisionPrefix: "", scope: .everything, after: after, limit: 2)
                all += page
                if page.count < 2 { break }
            }
            #expect(
                all.map(\.kind) == [
                    .closedRoomOpen, .roomWithoutHours, .roomWithoutHours, .stationWithoutFunctions, .venueIncomplete,
                ])
            #expect(all.last?.missing == [.memberActivity, .mediation, .duty, .finance])
            let elsewhere = ScopeFilter([.division(try #require(DivisionPrefix("532923100002")))])
            #expect(try await findings.list(divisionPrefix: "", scope: elsewhere, after: nil, limit: 9).isEmpty)
            _ = try await database.rooms.register(
                ["memberActivity", "mediation", "duty", "finance"].enumerated().map { room($0.offset + 5, $0.element) },
                scope: .everything)
            let complete = try await findings.list(divisionPrefix: "", scope: .everything, after: nil, limit: 99)
            #expect(!complete.contains { $0.kind == .venueIncomplete })
        }
    }

    @Test func `a neighbour's places are neither seen nor changed`() async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            let divisions = ["532923100", "532923100001", "532923100002"].map { code in
                "{\"code\":\"\(code)\",\"name\":\"某地\",\"level\":\"\(code.count == 9 ? "town" : "community")\"}"
            }
            _ = try await service.send(divisions, to: "/v1/divisions/bulk", as: .countyAdmin, "532923")
            func stationRow(_ division: String) -> String {
                "{\"code\":\"Y001\",\"name\":\"站\",\"kind\":\"station\",\"divisionCode\":\"\(division)\",\"openedYear\":2020}"
            }
            let opened = try await service.send(
                [stationRow("532923100002")], to: "/v1/stations/bulk", as: .townOfficer, "532923100")
            #expect(opened.body.contains("\"accepted\":1"), "\(opened.body)")
            // The number is taken by a neighbour's station.
            let taken = try await service.send(
                [stationRow("532923100001")], to: "/v1/stations/bulk", as: .communitySecretary, "532923100001")
            #expect(taken.body.contains("outside-scope"), "\(taken.body)")
            let room = "{\"divisionCode\":\"532923100002\",\"kind\":\"meeting\",\"openTo\":\"resident\"}"
            let refused = try await service.send([room], to: "/v1/rooms/bulk", as: .communityDesk, "532923100001")
            #expect(refused.body.contains("outside-scope"), "\(refused.body)")
            _ = try await service.send([room], to: "/v1/rooms/bulk", as: .communityDesk, "532923100002")
            for path in ["/v1/stations", "/v1/rooms", "/v1/venue-findings"] {
                let mine = try await service.ask("GET", path, as: .communityDesk, "532923100001")
                #expect(mine.body == "{\"items\":[]}", "\(path): \(mine.body)")
                let theirs = try await service.ask("GET", path, as: .communityDesk, "532923100002")
                #expect(theirs.body.contains("532923100002"), "\(path): \(theirs.body)")
            }
            // Whoever may book sees what residents may book, wherever it is.
            let open = try await service.ask("GET", "/v1/open-rooms", as: .resident, "self")
            #expect(open.body.contains("532923100002"), "\(open.body)")
        }
    }
}
