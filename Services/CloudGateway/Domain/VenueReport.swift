import Models

/// What the gateway's tables count for the report of stations and venues, all seen at one moment.
package struct VenueCounts: Sendable, Equatable {
    /// A community with what it has of one station and six rooms.
    package struct Community: Sendable, Equatable {
        /// Its code.
        package let code: String
        /// Its name, if its event has come.
        package let name: String?
        /// The kinds of rooms that it has.
        package let kinds: Set<RoomKind>

        /// Gathers the fields.
        package init(code: String, name: String?, kinds: Set<RoomKind>) {
            self.code = code
            self.name = name
            self.kinds = kinds
        }
    }

    /// Stations, and good-neighbour points, that are there.
    package var stations = 0
    package var neighbourPoints = 0
    /// The year of the first station; nil when there is none.
    package var since: Int?
    /// Communities whose venue is looked at.
    package var communities: [Community] = []
    /// Rooms in use by tenure; nil for those of which nobody has said.
    package var tenures: [Tenure?: Int] = [:]
    /// Facilities by the way in which they came to be; nil for those of which nobody has said.
    package var provisionWays: [ProvisionWay?: Int] = [:]
    /// Bookings by state.
    package var bookings: [BookingState: Int] = [:]

    package init() {}
}

/// The report of stations and venues 阵地 (REP-13).
package struct VenueReport: Sendable, Equatable {
    /// The version of the definitions; a changed definition is a new version.
    package static let formulaVersion = "1"

    /// The day of the figures 统计时点: when they were counted.
    package let asOf: CalendarDay?
    /// What was counted.
    package let counts: VenueCounts

    /// Makes the report.
    package init(_ counts: VenueCounts, asOf: CalendarDay?) {
        self.counts = counts
        self.asOf = asOf
    }

    /// What the report is made of: stations and points, rooms, facilities, bookings.
    package var n: Int {
        counts.stations + counts.neighbourPoints + rooms + facilities + counts.bookings.values.reduce(0, +)
    }

    /// Rooms in use.
    package var rooms: Int { counts.tenures.values.reduce(0, +) }

    /// Facilities.
    package var facilities: Int { counts.provisionWays.values.reduce(0, +) }

    /// The kinds of rooms that a community lacks, in their order.
    package static func missing(_ community: VenueCounts.Community) -> [RoomKind] {
        RoomKind.venue.filter { !community.kinds.contains($0) }
    }

    /// Communities that have all of one station and six rooms.
    package var completeVenues: Percentage {
        Percentage(counts.communities.count { Self.missing($0).isEmpty }, of: counts.communities.count)
    }

    /// Rooms that there are, of one station and six rooms in every community.
    package var roomsPresent: Percentage {
        let kinds = RoomKind.venue.count
        let present = counts.communities.reduce(0) { $0 + kinds - Self.missing($1).count }
        return Percentage(present, of: kinds * counts.communities.count)
    }

    /// Rented rooms, of those whose tenure is stated.
    package var rentedShare: Percentage {
        Percentage(counts.tenures[.rented] ?? 0, of: rooms - (counts.tenures[Tenure?.none] ?? 0))
    }
}
