import Hummingbird
import Models

/// The words of the report of stations and venues.
enum VenueReportWords {
    static let code = "REP-13"
    static let title = "阵地与场所报表"
    static let titleEn = "Stations and venues"
    static let footnote = "服务站含升级中的，不含规划中和已撤销的；租用比例按已说明权属的功能室计算；途径按已登记的场所计算；分项为官方场所和预约的数量，不含个人信息"
    static let footnoteEn =
        "Stations count while they are upgraded, not when planned or closed; the rented share is of rooms whose tenure is "
        + "stated; provision ways are of facilities that were entered; all are counts of public places and bookings, and say nothing of persons"
}

/// The report of stations and venues as JSON.
struct VenueReportBody: ResponseEncodable, Sendable {
    /// A share with the counts that it is computed from.
    struct Share: Encodable, Sendable {
        let numerator: Int
        let denominator: Int
        /// Absent where there is nothing to take a share of.
        let percent: Double?
        let text: String

        init(_ percentage: Percentage) {
            numerator = percentage.numerator
            denominator = percentage.denominator
            percent = percentage.value
            text = percentage.text
        }
    }

    struct Stations: Encodable, Sendable {
        let stations: Int
        let neighbourPoints: Int
        let since: Int?
    }

    /// A community with what it lacks.
    struct Community: Encodable, Sendable {
        let divisionCode: String
        let name: String?
        let complete: Bool
        let missing: [RoomKind]
    }

    struct Venues: Encodable, Sendable {
        let complete: Share
        let roomsPresent: Share
        let communities: [Community]
    }

    struct Tenures: Encodable, Sendable {
        let byTenure: [String: Int]
        let unstated: Int
        let rented: Share
    }

    struct Facilities: Encodable, Sendable {
        let byProvisionWay: [String: Int]
        let unstated: Int
    }

    let report = VenueReportWords.code
    let title = VenueReportWords.title
    let titleEn = VenueReportWords.titleEn
    let county: String
    let asOf: CalendarDay?
    let scope: [String]
    let n: Int
    let formulaVersion: String
    let stations: Stations
    let venues: Venues
    let rooms: Tenures
    let facilities: Facilities
    let bookings: [String: Int]
    let footnote = VenueReportWords.footnote
    let footnoteEn = VenueReportWords.footnoteEn

    private enum CodingKeys: String, CodingKey {
        case report, title, titleEn, county, asOf, scope, n, formulaVersion, stations, venues, rooms, facilities
        case bookings, footnote, footnoteEn
    }

    init(_ report: VenueReport, county: String, scope: [String]) {
        let counts = report.counts
        self.county = county
        self.scope = scope
        asOf = report.asOf
        n = report.n
        formulaVersion = VenueReport.formulaVersion
        stations = Stations(stations: counts.stations, neighbourPoints: counts.neighbourPoints, since: counts.since)
        venues = Venues(
            complete: Share(report.completeVenues), roomsPresent: Share(report.roomsPresent),
            communities: counts.communities.map { community in
                let missing = VenueReport.missing(community)
                return Community(
                    divisionCode: community.code, name: community.name, complete: missing.isEmpty, missing: missing)
            })
        rooms = Tenures(
            byTenure: Self.all(Tenure.self) { counts.tenures[$0] }, unstated: counts.tenures[Tenure?.none] ?? 0,
            rented: Share(report.rentedShare))
        facilities = Facilities(
            byProvisionWay: Self.all(ProvisionWay.self) { counts.provisionWays[$0] },
            unstated: counts.provisionWays[ProvisionWay?.none] ?? 0)
        bookings = Self.all(BookingState.self) { counts.bookings[$0] }
    }

    /// Every word with its count, also those with none.
    private static func all<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type, _ count: (Word) -> Int?
    ) -> [String: Int] where Word.RawValue == String {
        Dictionary(uniqueKeysWithValues: Word.allCases.map { ($0.rawValue, count($0) ?? 0) })
    }
}
