import CloudGatewayService
import Foundation
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// The report of stations and venues (REP-13) and the stations of the digest, from events to the answer.
@Suite(.timeLimit(.minutes(2))) struct VenueReportTests {
    private static let mine = "532923100001"
    private static let theirs = "532923100002"

    private static func station(
        _ division: String, _ kind: StationKind = .station, year: Int? = 2020, state: StationState = .open
    ) throws -> StationFacts {
        StationFacts(
            stationID: .new(), code: "Y001", kind: kind, divisionCode: try CountyFixture.division(division),
            state: state,
            openedYear: year)
    }

    private static func room(_ division: String, _ kind: RoomKind, _ tenure: Tenure?, inUse: Bool = true) throws
        -> RoomFacts
    {
        RoomFacts(
            roomID: .new(), divisionCode: try CountyFixture.division(division), kind: kind, openTo: .resident,
            isBookable: kind.isEverBookable, isInUse: inUse, tenure: tenure)
    }

    private static func booking(_ division: String, _ state: BookingState) throws -> BookingFacts {
        let start = Date(timeIntervalSince1970: 1_627_776_000)
        return BookingFacts(
            bookingID: .new(), roomID: .new(), divisionCode: try CountyFixture.division(division), state: state,
            from: start, to: start.addingTimeInterval(3600))
    }

    /// What happened in two communities.
    private static func events() throws -> [any EventPayload] {
        let moved = try station(mine, year: 2021)
        let booked = try booking(mine, .requested)
        var approved = booked
        approved.state = .approved
        return [
            try CountyFixture.community(1, .urbanCommunity), try CountyFixture.community(2, .urbanCommunity),
            StationOpened(station: try station(mine, year: 2019)), StationOpened(station: moved),
            StationStated(station: try station(theirs, state: .upgrading)),
            StationOpened(station: try station(theirs, .neighbourPoint, year: 2017 + 3)),
            StationPlanned(station: try station(mine, year: nil, state: .planned)),
            StationClosed(station: try station(mine, year: 2019, state: .closed)),
            FacilityRegistered(
                facility: FacilityFacts(
                    facilityID: .new(), divisionCode: try CountyFixture.division(mine), tenure: .free,
                    provisionWay: .developerProvision)),
            FacilityStated(
                facility: FacilityFacts(
                    facilityID: .new(), divisionCode: try CountyFixture.division(mine), tenure: .rented)),
            RoomRegistered(room: try room(theirs, .meeting, .rented)),
            RoomRegistered(room: try room(mine, .other, nil)),
            RoomRegistered(room: try room(mine, .duty, .owned, inUse: false)),
            BookingRequested(booking: booked), BookingApproved(booking: approved),
            BookingCancelled(booking: try booking(theirs, .cancelledByStation)),
        ] + (try RoomKind.venue.map { RoomRegistered(room: try room(mine, $0, .owned)) })
    }

    @Test func `stations, venues, tenures, provision ways and bookings are counted from events alone`() async throws {
        try await GatewayDatabase.with { gateway in
            let events = try Self.events()
            // However they are cut into batches.
            for event in events.prefix(5) { try await gateway.apply([event]) }
            try await gateway.apply(Array(events.dropFirst(5)))
            let store = PostgresVenueReportStore(executor: gateway.pool)
            let report = VenueReport(try await store.counts(scope: .everything), asOf: nil)
            #expect(report.counts.stations == 3 && report.counts.neighbourPoints == 1 && report.counts.since == 2019)
            #expect(report.counts.communities.map(\.code) == [Self.mine, Self.theirs])
            #expect(report.counts.communities.map(VenueReport.missing)[0].isEmpty)
            #expect(report.completeVenues.text == "50.00%" && report.roomsPresent == Percentage(8, of: 14))
            #expect(report.counts.tenures == [.owned: 7, .rented: 1, Tenure?.none: 1])
            #expect(report.rentedShare == Percentage(1, of: 8))
            #expect(report.counts.provisionWays == [.developerProvision: 1, ProvisionWay?.none: 1])
            #expect(report.counts.bookings == [.approved: 1, .cancelledByStation: 1])
            #expect(report.n == 4 + 9 + 2 + 2)

            let digest = try await gateway.counts()
            #expect(digest.stations == 3 && digest.neighbourPoints == 1 && digest.stationsSince == 2019)

            let filter = ScopeFilter([.division(try #require(DivisionPrefix(Self.theirs)))])
            let scoped = try await store.counts(scope: filter)
            // The second fence alone counts the same.
            let fenced = try await RowScope.with(filter) { try await store.counts(scope: .everything) }
            for counts in [scoped, fenced] {
                #expect(counts.stations == 1 && counts.neighbourPoints == 1 && counts.since == 2020)
                #expect(counts.tenures == [.rented: 1] && counts.bookings == [.cancelledByStation: 1])
            }
            #expect(scoped.communities.map(\.code) == [Self.theirs])
        }
    }

    @Test func `the report is JSON, csv or a workbook, with title, day, scope, n, version and footnote`() async throws {
        try await ServedService.with(CloudGateway.self) { service in
            try await service.superuser.run(
                """
                insert into gateway.divisions values ('\(Self.mine)', '褚家营社区', 'community', 'urbanCommunity', 9);
                insert into gateway.stations values (gen_random_uuid(), 'station', '\(Self.mine)', 'open', 2019);
                insert into gateway.stations values (gen_random_uuid(), 'station', '\(Self.theirs)', 'open', 2020);
                insert into gateway.rooms values (gen_random_uuid(), '\(Self.mine)', 'meeting', 'rented', true, true);
                """)
            let path = "/v1/reports/stations"
            let json = try await service.ask("GET", path, as: .communitySecretary, Self.mine)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any], "\(json.body)")
            #expect(document["report"] as? String == "REP-13" && document["n"] as? Int == 2)
            #expect(document["scope"] as? [String] == [Self.mine] && document["formulaVersion"] as? String == "1")
            #expect(document["asOf"] as? String == CalendarDay(inShanghai: Date())?.description)
            #expect(
                (document["title"] as? String)?.isEmpty == false && (document["footnote"] as? String)?.isEmpty == false)
            #expect((document["stations"] as? [String: Int]) == ["stations": 1, "neighbourPoints": 0, "since": 2019])
            let ways = (document["facilities"] as? [String: Any])?["byProvisionWay"] as? [String: Int]
            #expect(ways?.count == 7)

            let csv = try await service.ask("GET", "\(path)?format=csv", as: .communitySecretary, Self.mine)
            #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(csv.headers["content-disposition"] == "attachment; filename=\"rep-13-stations.csv\"")
            #expect(csv.bytes.starts(with: [0xef, 0xbb, 0xbf]))
            for line in [
                "报表 report,REP-13,", "统计时点 as of,", "范围 scope,\(Self.mine),", "样本量 n,,2,", "口径版本 formula version,1,",
                "阵地 stations,雨润家园服务站 Yurun Home stations,1,", "一站六室 venues,\(Self.mine) 褚家营社区,1,7,",
                "功能室权属 rooms by tenure,租用比例 rented share,1,1,100.00%", "附注 footnote,",
            ] {
                #expect(csv.body.contains(line), "\(line)")
            }
            let same = try await service.ask(
                "GET", "\(path)?format=csv", as: .communitySecretary, Self.mine,
                headers: ["if-none-match": try #require(csv.headers["etag"])])
            #expect(same.status == 304)
            let workbook = try await service.ask("GET", "\(path)?format=xlsx", as: .communitySecretary, Self.mine)
            #expect(workbook.status == 200 && workbook.bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]))
            let other = try await service.ask("GET", "\(path)?format=pdf", as: .communitySecretary, Self.mine)
            #expect(other.status == 400 && other.body.contains("\"format\""))
        }
    }
}
