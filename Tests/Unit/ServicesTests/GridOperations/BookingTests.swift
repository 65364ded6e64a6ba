import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct BookingTests {
    /// 2021-08-01, a Sunday, 08:00 in the county.
    private let moment = BookingSamples.moment

    private func room(
        openTo: RoomAudience = .resident, capacity: Int? = 20, bookable: Bool = true, inUse: Bool = true
    ) -> Room {
        BookingSamples.room(openTo: openTo, capacity: capacity, bookable: bookable, inUse: inUse)
    }

    private func take(
        _ room: Room, _ time: Range<Date>, holding: [Booking] = [], waits: Bool = false, headcount: Int = 10,
        audiences: Set<RoomAudience> = [.resident]
    ) throws -> BookingChange {
        let draft = BookingSamples.draft(room.id, time, headcount: headcount, waits: waits)
        return try RoomDesk(room: room, at: moment).take(
            try draft.checked(at: moment), id: .new(), from: Applicant(subject: "p", audiences: audiences),
            holding: holding)
    }

    // MARK: - Requests

    @Test func `all faults of a request are told at once, and none quotes a personal value`() throws {
        let draft = BookingDraft(
            roomID: "x", from: moment.addingTimeInterval(30), to: moment, purpose: "打 13800138000", headcount: 0,
            contactName: "张三\u{0}", contactMobile: "12345", organisation: "1")
        let faults = #expect(throws: RowFaults.self) { try draft.checked(at: moment) }
        #expect(
            faults?.words == [
                "roomID:malformed", "to:time-invalid", "purpose:personal-data-in-text", "headcount:out-of-range",
                "contactName:character", "contactMobile:malformed", "organisation:length",
            ])
        #expect(faults?.faults.contains { $0.chinese.contains("13800138000") || $0.chinese.contains("张三") } == false)
    }

    private static let badTimes: [(Double, Double, String)] = [
        (-3600, 3600, "from:time-not-bookable"), (91 * 86_400, 3600, "from:time-not-bookable"),
        (3600, 17 * 3600, "to:time-invalid"), (3600, 0, "to:time-invalid"), (3601, 3600, "to:time-invalid"),
    ]

    @Test(arguments: badTimes) func `times are whole minutes of one day, neither over nor too far`(
        start: Double, length: Double, fault: String
    ) {
        let from = moment.addingTimeInterval(start)
        let draft = BookingSamples.draft(.new(), from..<max(from, from.addingTimeInterval(length)))
        let faults = #expect(throws: RowFaults.self) { try draft.checked(at: moment) }
        #expect(faults?.words == [fault])
    }

    @Test func `the last hour of a day can be booked`() throws {
        let time = try BookingSamples.time("2021-08-02T23:00", "2021-08-03T00:00")
        #expect(try BookingSamples.draft(.new(), time).checked(at: moment).time == time)
    }

    // MARK: - The desk

    @Test func `a room that residents may use is approved by itself, another is to be approved`() throws {
        let time = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        let open = try take(room(), time)
        #expect(open.booking.state == .approved && open.booking.applicant == "p")
        #expect(open.events.map { type(of: $0).name } == ["BookingRequested", "BookingApproved"])
        #expect(open.events.map(\.booking.state) == [.requested, .approved])
        let party = try take(room(openTo: .partyOrganisation), time, audiences: [.partyOrganisation])
        #expect(party.booking.state == .requested)
        #expect(party.events.map { type(of: $0).name } == ["BookingRequested"])
    }

    @Test func `a room that is closed, never booked or not open to the applicant is refused`() throws {
        let time = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        for room in [
            room(bookable: false), room(inUse: false), room(openTo: .staffOnly), room(openTo: .partyOrganisation),
        ] {
            #expect(throws: BookingRefusal.roomNotBookable) { try take(room, time) }
        }
    }

    @Test func `a time outside the hours and too many people are told together`() throws {
        let time = try BookingSamples.time("2021-08-02T07:30", "2021-08-02T09:00")
        let faults = #expect(throws: RowFaults.self) { try take(room(), time, headcount: 21) }
        #expect(faults?.words == ["from:outside-hours", "headcount:over-capacity"])
        // A room of which nobody knows how many it takes takes any number.
        let inHours = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        #expect(try take(room(capacity: nil), inHours, headcount: 900).booking.state == .approved)
    }

    @Test func `a time that touches another is free, one that overlaps is taken or waited for`() throws {
        let first = try take(room(), BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")).booking
        let after = try BookingSamples.time("2021-08-02T10:00", "2021-08-02T11:00")
        #expect(try take(room(), after, holding: [first]).booking.state == .approved)
        let over = try BookingSamples.time("2021-08-02T09:59", "2021-08-02T11:00")
        #expect(throws: BookingRefusal.timeTaken(alternative: nil)) { try take(room(), over, holding: [first]) }
        let waiting = try take(room(), over, holding: [first], waits: true)
        #expect(waiting.booking.state == .waiting && waiting.events.map(\.booking.state) == [.waiting])
        // What holds nothing any more keeps nobody from it.
        var cancelled = first
        cancelled.state = .cancelledByUser
        #expect(try take(room(), over, holding: [cancelled]).booking.state == .approved)
    }

    // MARK: - The state machine

    /// Every order in every state, at a moment within the booked time.
    @Test(arguments: BookingState.allCases) func `an order is carried out in the states that allow it alone`(
        state: BookingState
    ) throws {
        let time = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        var booking = try take(room(), time).booking
        booking.state = state
        let now = time.lowerBound.addingTimeInterval(60)
        let wanted: [(BookingCommand, [BookingState: BookingState], String)] = [
            (.approve, [.requested: .approved], "BookingApproved"),
            (.refuse(reason: "检修"), [.requested: .refused, .waiting: .refused], "BookingRefused"),
            (.start, [.approved: .inUse], "BookingStarted"), (.finish, [.inUse: .finished], "BookingFinished"),
            (.miss, [.approved: .noShow], "BookingMissed"),
            (
                .cancelByUser,
                [.waiting: .cancelledByUser, .requested: .cancelledByUser, .approved: .cancelledByUser],
                "BookingCancelled"
            ),
            (
                .cancelByStation(reason: "检修"),
                [.waiting: .cancelledByStation, .requested: .cancelledByStation, .approved: .cancelledByStation],
                "BookingCancelled"
            ),
        ]
        for (command, allowed, event) in wanted {
            guard let after = allowed[state] else {
                #expect(throws: BookingRefusal.wrongState(state, command.action)) {
                    try booking.carryingOut(command, at: now)
                }
                continue
            }
            let change = try booking.carryingOut(command, at: now)
            #expect(change.booking.state == after && change.booking.version == booking.version + 1)
            #expect(change.events.map { type(of: $0).name } == [event])
            #expect(change.releasesTime == (state.holdsTime && !after.holdsTime))
        }
    }

    @Test func `a room is used neither too early nor too late, and nobody is missing before the beginning`() throws {
        let time = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        let booking = try take(room(), time).booking
        let early = time.lowerBound.addingTimeInterval(-30 * 60)
        #expect(try booking.carryingOut(.start, at: early).booking.state == .inUse)
        let cases: [(BookingCommand, Date)] = [
            (.start, early.addingTimeInterval(-1)), (.start, time.upperBound),
            (.miss, time.lowerBound.addingTimeInterval(-1)),
            (.cancelByUser, time.upperBound), (.cancelByStation(reason: "x"), time.upperBound),
        ]
        for (command, moment) in cases {
            #expect(throws: BookingRefusal.notItsTime(command.action)) { try booking.carryingOut(command, at: moment) }
        }
    }

    // MARK: - The waiting list

    @Test func `who came first moves up first, and whoever still fits moves up too`() throws {
        func waiting(_ from: String, _ to: String) throws -> Booking {
            var booking = try take(room(), BookingSamples.time("2021-08-02T\(from)", "2021-08-02T\(to)")).booking
            booking.state = .waiting
            return booking
        }
        let list = [
            try waiting("10:30", "12:00"), try waiting("09:00", "10:00"), try waiting("09:30", "10:30"),
            try waiting("10:00", "10:30"),
        ]
        var holder = try waiting("11:00", "12:00")
        holder.state = .approved
        let changes = RoomDesk(room: room(), at: moment).movedUp(from: list, holding: [holder])
        #expect(changes.map(\.booking.id) == [list[1].id, list[3].id])
        #expect(changes.allSatisfy { $0.booking.state == .approved && $0.booking.version == 2 })
        let party = RoomDesk(room: room(openTo: .partyOrganisation), at: moment).movedUp(from: list, holding: [])
        #expect(party.first?.booking.id == list[0].id && party.first?.booking.state == .requested)
        // Nobody moves up into a time that has begun, or into a room that is closed then.
        let late = RoomDesk(room: room(), at: list[0].time.lowerBound).movedUp(from: [list[0]], holding: [])
        #expect(late.isEmpty)
        var closed = room()
        closed.hours = OpeningHours()
        #expect(RoomDesk(room: closed, at: moment).movedUp(from: list, holding: []).isEmpty)
    }

    // MARK: - Alternatives

    private func candidate(_ room: Room, _ taken: Range<Date>...) -> AlternativeSearch.Candidate {
        AlternativeSearch.Candidate(room: room, taken: taken)
    }

    @Test func `the nearest free time is offered, of equally near ones that of the first room`() throws {
        let (one, other) = (room(), room())
        let wanted = try BookingSamples.time("2021-08-02T09:00", "2021-08-02T10:00")
        let search = AlternativeSearch(around: wanted, at: moment)
        // The room is open from 08:00 to 12:00 every day.
        let later = search.nearest(in: [candidate(one, try BookingSamples.time("2021-08-02T08:30", "2021-08-02T10:30"))]
        )
        #expect(later?.time == (try BookingSamples.time("2021-08-02T10:30", "2021-08-02T11:30")))
        let elsewhere = search.nearest(in: [candidate(one, wanted), candidate(other)])
        #expect(elsewhere?.roomID == other.id && elsewhere?.time == wanted)
        let both = search.nearest(in: [candidate(one), candidate(other)])
        #expect(both?.roomID == one.id)
        let afternoon = search.nearest(
            in: [candidate(one, try BookingSamples.time("2021-08-02T08:00", "2021-08-02T12:00"))])
        #expect(afternoon?.time == (try BookingSamples.time("2021-08-02T14:00", "2021-08-02T15:00")))
        let dayBefore = search.nearest(
            in: [candidate(one, try BookingSamples.time("2021-08-02T08:00", "2021-08-03T00:00"))])
        #expect(dayBefore?.time == (try BookingSamples.time("2021-08-01T23:00", "2021-08-02T00:00")))
        var closed = one
        closed.hours = OpeningHours()
        #expect(search.nearest(in: [candidate(closed)]) == nil)
        #expect(search.nearest(in: []) == nil)
    }

    @Test func `nothing is offered that has begun`() throws {
        let wanted = try BookingSamples.time("2021-08-01T09:00", "2021-08-01T10:00")
        let now = try BookingSamples.time("2021-08-01T09:30", "2021-08-01T10:00").lowerBound.addingTimeInterval(10)
        let offered = AlternativeSearch(around: wanted, at: now).nearest(in: [candidate(room())])
        #expect(offered?.time == (try BookingSamples.time("2021-08-01T09:31", "2021-08-01T10:31")))
    }
}

/// Rooms and times for tests.
enum BookingSamples {
    /// 2021-08-01, a Sunday, 08:00 in the county.
    static let moment = Date(timeIntervalSince1970: 1_627_776_000)

    /// Open every day from 08:00 to 12:00 and from 14:00 to 24:00.
    static func room(
        openTo: RoomAudience = .resident, capacity: Int? = 20, bookable: Bool = true, inUse: Bool = true
    ) -> Room {
        let spans = [("08:00", "12:00"), ("14:00", "24:00")].compactMap { from, to -> OpeningHours.Span? in
            guard let from = ClockTime(from), let to = ClockTime(to) else { return nil }
            return OpeningHours.Span(from: from, to: to)
        }
        return Room(
            id: .new(),
            stated: StatedRoom(
                divisionCode: GridSamples.division("532923100001"), kind: .meeting, name: "会议室", capacity: capacity,
                openTo: openTo), isBookable: bookable, isInUse: inUse,
            hours: OpeningHours(weekly: (1...7).map { OpeningHours.Weekday(weekday: $0, spans: spans) }))
    }

    /// A time of the county.
    static func time(_ from: String, _ to: String) throws -> Range<Date> {
        guard let from = RFC3339.parse("\(from):00+08:00"), let to = RFC3339.parse("\(to):00+08:00") else {
            throw BookingNotFound()
        }
        return from..<to
    }

    static func draft(
        _ room: RoomID, _ time: Range<Date>, headcount: Int = 10, waits: Bool = false
    ) -> BookingDraft {
        BookingDraft(
            roomID: room.description, from: time.lowerBound, to: time.upperBound, purpose: "居民议事", headcount: headcount,
            contactName: "欧阳春梅", contactMobile: "13800138000", waitIfTaken: waits)
    }
}
