import Foundation
import GridOperationsService
import Logging
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

@Suite(.timeLimit(.minutes(3))) struct BookingStoreTests {
    private static let community = "532923100001"

    // MARK: - A room

    /// Lends a database with one room, open every day from 08:00 to 12:00.
    private func withRoom(
        openTo: String = "resident", _ body: (GridDatabase, RoomID) async throws -> Void
    ) async throws {
        try await GridDatabase.withGrids { database in
            try await body(database, try await Self.addRoom(database, "一号", openTo: openTo))
        }
    }

    private static func addRoom(
        _ database: GridDatabase, _ name: String, openTo: String = "resident"
    ) async throws -> RoomID {
        let draft = RoomDraft(
            divisionCode: community, kind: "meeting", name: name, capacity: 20, openTo: openTo)
        #expect(
            try await database.rooms.register([Numbered(row: 2, draft)], scope: .everything).tally == ["accepted": 1])
        let room = try #require(
            try await database.roomStore.list(RoomFilter(), scope: .everything, after: nil, limit: 99)
                .first { $0.stated.name == name })
        let span = OpeningHoursDraft.Span(from: "08:00", to: "12:00")
        let week = (1...7).map { OpeningHoursDraft.Weekday(weekday: $0, spans: [span]) }
        let settings = RoomSettingsDraft(
            name: name, capacity: 20, openTo: openTo, bookable: true, openingHours: OpeningHoursDraft(weekly: week))
        return try await database.rooms.replace(room.id, settings, ifVersion: nil, scope: .everything).id
    }

    /// A time of a day in August 2021.
    private static func time(_ day: Int, _ from: String, _ to: String) throws -> Range<Date> {
        let date = "2021-08-\(day < 10 ? "0" : "")\(day)T"
        return try #require(
            RFC3339.parse("\(date)\(from):00+08:00"))..<(try #require(RFC3339.parse("\(date)\(to):00+08:00")))
    }

    private static func draft(
        _ room: RoomID, _ time: Range<Date>, waits: Bool = false
    ) -> BookingDraft {
        BookingDraft(
            roomID: room.description, from: time.lowerBound, to: time.upperBound, purpose: "居民议事", headcount: 10,
            contactName: "欧阳春梅", contactMobile: "13800138000", waitIfTaken: waits)
    }

    private static func book(
        _ database: GridDatabase, _ draft: BookingDraft, subject: String? = nil, key: String = UUID().uuidString
    ) async throws -> BookingReceipt {
        try await database.book(
            draft, from: Applicant(subject: subject, audiences: Set(RoomAudience.allCases)),
            key: try IdempotencyKey(key, operation: "POST /v1/bookings", body: []), scope: .everything)
    }

    private func states(_ database: GridDatabase) async throws -> [String] {
        try await database.pool.query("select state from grid.bookings order by number").rows.map {
            try $0.decode("state")
        }
    }

    // MARK: - First come

    @Test func `of fifty who want overlapping times of one room at once, no two get them`() async throws {
        try await withRoom { database, room in
            let outcomes = try await withThrowingTaskGroup(of: (waits: Bool, state: BookingState?).self) { group in
                for index in 0..<50 {
                    group.addTask {
                        let minute = String(format: "%02d", index % 60)
                        let time = try Self.time(9, "09:\(minute)", "10:\(minute)")
                        let waits = index % 2 == 0
                        do {
                            return (waits, try await Self.book(database, Self.draft(room, time, waits: waits)).state)
                        } catch BookingRefusal.timeTaken {
                            return (waits, nil)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0.state == .approved } == 1)
            // Whoever is willing to wait is never turned away.
            #expect(outcomes.allSatisfy { !$0.waits || $0.state != nil })
            #expect(outcomes.count { $0.state == .waiting } + outcomes.count { $0.state == nil } == 49)
            #expect(try await states(database).first == "approved")
        }
    }

    @Test func `the constraint itself refuses what overlaps, whoever writes it`() async throws {
        try await withRoom { database, room in
            let receipt = try await Self.book(database, Self.draft(room, try Self.time(9, "09:00", "10:00")))
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.pool.query(
                    """
                    insert into grid.bookings (id, room_id, division_code, during, state, purpose, headcount, requested_at, changed_at)
                    select gen_random_uuid(), room_id, division_code,
                        tstzrange(upper(during) - interval '1 minute', upper(during) + interval '1 hour'), 'approved', 'x', 1, now(),
                        now() from grid.bookings where id = \(receipt.id.rawValue)
                    """)
            }
            #expect(error?.isExclusionViolation == true && error?.constraint == "bookings_no_overlap")
        }
    }

    @Test func `a key books once, and a taken time names what is free nearest`() async throws {
        try await withRoom { database, room in
            let time = try Self.time(9, "09:00", "10:00")
            let first = try await Self.book(database, Self.draft(room, time), key: "k")
            #expect(try await Self.book(database, Self.draft(room, time), key: "k") == first)
            #expect(try await states(database) == ["approved"])
            let refusal = await #expect(throws: BookingRefusal.self) {
                _ = try await Self.book(database, Self.draft(room, time))
            }
            #expect(
                refusal
                    == .timeTaken(
                        alternative: Booking.Alternative(roomID: room, time: try Self.time(9, "08:00", "09:00"))))
            let other = try await Self.addRoom(database, "二号")
            let elsewhere = await #expect(throws: BookingRefusal.self) {
                _ = try await Self.book(database, Self.draft(room, time))
            }
            #expect(elsewhere == .timeTaken(alternative: Booking.Alternative(roomID: other, time: time)))
        }
    }

    // MARK: - What comes by itself

    @Test func `what nobody answered or made room for is refused when its time comes, and what is in use ends, once`()
        async throws
    {
        try await withRoom(openTo: "partyOrganisation") { database, room in
            let (morning, noon) = (try Self.time(9, "09:00", "10:00"), try Self.time(9, "10:00", "11:00"))
            let used = try await Self.book(database, Self.draft(room, morning))
            _ = try await database.handleBooking(.approve, on: used.id, ifVersion: nil, scope: .everything)
            _ = try await Self.book(database, Self.draft(room, morning, waits: true))
            _ = try await Self.book(database, Self.draft(room, noon))
            func watch(at moment: Date) -> WatchBookings {
                WatchBookings(bookings: database.bookings, store: database.bookingStore, now: { moment })
            }
            #expect(try await watch(at: morning.lowerBound.addingTimeInterval(-1)).actOnAll() == 0)
            #expect(try await watch(at: morning.lowerBound).actOnAll() == 1)
            #expect(try await states(database) == ["approved", "refused", "requested"])
            _ = try await HandleBooking(store: database.bookingStore, now: { morning.lowerBound })(
                .start, on: used.id, ifVersion: nil, scope: .everything)
            // Several replicas look at once.
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await watch(at: noon.lowerBound).actOnAll() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(counts.reduce(0, +) == 2)
            #expect(try await states(database) == ["finished", "refused", "refused"])
            let told = try await database.events().filter {
                $0.hasPrefix("BookingRefused") || $0.hasPrefix("BookingFin")
            }
            #expect(told.count == 3)
            #expect(
                try await database.number("select count(*) from grid.bookings where reason like '时间已到%'") == 2)
        }
    }

    // MARK: - The waiting list

    @Test func `who waits moves up in the transaction that frees the time, first come first`() async throws {
        try await withRoom { database, room in
            let time = try Self.time(9, "09:00", "10:00")
            let holder = try await Self.book(database, Self.draft(room, time))
            var waiting: [BookingReceipt] = []
            for _ in 0..<3 { waiting.append(try await Self.book(database, Self.draft(room, time, waits: true))) }
            #expect(waiting.map(\.state) == [.waiting, .waiting, .waiting])
            _ = try await database.handleBooking(.cancelByUser, on: holder.id, ifVersion: 1, scope: .everything)
            #expect(try await states(database) == ["cancelledByUser", "approved", "waiting", "waiting"])
            #expect(
                try await database.events().suffix(2) == [
                    "BookingCancelled \(holder.id)", "BookingApproved \(waiting[0].id)",
                ])
            // Who leaves the list moves nobody; who leaves the time moves the next.
            _ = try await database.handleBooking(.cancelByUser, on: waiting[1].id, ifVersion: nil, scope: .everything)
            _ = try await database.handleBooking(
                .cancelByStation(reason: "检修"), on: waiting[0].id, ifVersion: nil, scope: .everything)
            #expect(
                try await states(database) == ["cancelledByUser", "cancelledByStation", "cancelledByUser", "approved"])
        }
    }

    @Test func `a refusal moves the next one up, to be approved in his turn`() async throws {
        try await withRoom(openTo: "partyOrganisation") { database, room in
            let time = try Self.time(9, "09:00", "10:00")
            let first = try await Self.book(database, Self.draft(room, time))
            let second = try await Self.book(database, Self.draft(room, time, waits: true))
            #expect(first.state == .requested && second.state == .waiting)
            _ = try await database.handleBooking(
                .refuse(reason: "检修"), on: first.id, ifVersion: 1, scope: .everything)
            #expect(try await states(database) == ["refused", "requested"])
            let approved = try await database.handleBooking(
                .approve, on: second.id, ifVersion: 2, scope: .everything)
            #expect(approved.state == .approved)
        }
    }

    @Test func `when all who hold cancel at once, the waiting list ends as if it had been one after the other`()
        async throws
    {
        try await withRoom { database, room in
            let times = try [
                Self.time(9, "08:00", "09:00"), Self.time(9, "09:00", "10:00"), Self.time(9, "10:00", "11:00"),
                Self.time(9, "11:00", "12:00"),
            ]
            var holders: [BookingReceipt] = []
            for time in times { holders.append(try await Self.book(database, Self.draft(room, time))) }
            // The first wants the whole morning, the others an hour each, twice.
            let whole = times[0].lowerBound..<times[3].upperBound
            let first = try await Self.book(database, Self.draft(room, whole, waits: true))
            for time in times + times { _ = try await Self.book(database, Self.draft(room, time, waits: true)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for holder in holders {
                    group.addTask {
                        _ = try await database.handleBooking(
                            .cancelByUser, on: holder.id, ifVersion: 1, scope: .everything)
                    }
                }
                try await group.waitForAll()
            }
            let states = try await states(database)
            // Whoever was first in the list could only have moved up when the whole morning was free, which it never was:
            // each freed hour goes to the first who wants just it.
            #expect(states[4] == "waiting", "\(first)")
            #expect(states[5..<9].allSatisfy { $0 == "approved" } && states[9...].allSatisfy { $0 == "waiting" })
            #expect(
                try await database.number(
                    """
                    select count(*) from grid.bookings a join grid.bookings b on a.room_id = b.room_id and a.id < b.id
                        and a.during && b.during
                    where a.state in ('requested', 'approved', 'inUse') and b.state in ('requested', 'approved', 'inUse')
                    """) == 0)
        }
    }

    @Test func `a cancellation of the community offers the nearest time in a room of the kind, but not its own`()
        async throws
    {
        try await withRoom { database, room in
            let time = try Self.time(9, "08:00", "12:00")
            let receipt = try await Self.book(database, Self.draft(room, time))
            let cancelled = try await database.handleBooking(
                .cancelByStation(reason: "停电"), on: receipt.id, ifVersion: 1, scope: .everything)
            #expect(
                cancelled.alternative == Booking.Alternative(roomID: room, time: try Self.time(8, "08:00", "12:00")))
            let shown = try #require(try await database.bookings.find(receipt.id, scope: .everything))
            #expect(shown.booking == cancelled)
            #expect(shown.maskedName == "欧阳**" && shown.maskedMobile == "138****8000")
        }
    }

    // MARK: - People

    @Test func `nothing that says who an applicant is lies in the clear, and events carry none of it`() async throws {
        try await withRoom { database, room in
            let person = PersonID.new()
            _ = try await Self.book(
                database, Self.draft(room, try Self.time(9, "09:00", "10:00")), subject: person.description)
            let texts = try await database.pool.query(
                """
                select b::text as text from grid.bookings b
                union all select convert_from(data, 'UTF8') from messaging.outbox where topic like '%booking%'
                union all select e::text from audit_trail.entries e
                union all select convert_from(answer, 'UTF8') from service_kit.idempotency_keys
                """
            ).rows.map { try $0.decode("text", as: String.self) }
            for value in ["欧阳春梅", "13800138000"] {
                let hexadecimal = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(!texts.contains { $0.contains(value) || $0.contains(hexadecimal) })
            }
            let events = texts.filter { $0.contains("\"bookingID\"") }
            #expect(events.count == 2 && events.allSatisfy { $0.contains(person.description) && !$0.contains("居民议事") })
        }
    }

    @Test func `three months after the end the applicant is erased and the booking stays`() async throws {
        try await withRoom { database, room in
            let old = try await Self.book(
                database, Self.draft(room, try Self.time(2, "09:00", "10:00")), subject: "person-1")
            let cancelled = try await Self.book(
                database, Self.draft(room, try Self.time(30, "09:00", "10:00")), subject: "person-1")
            _ = try await database.handleBooking(.cancelByUser, on: cancelled.id, ifVersion: nil, scope: .everything)
            let kept = try await Self.book(
                database, Self.draft(room, try Self.time(3, "09:00", "10:00")), subject: "person-1")
            let end = try #require(RFC3339.parse("2021-11-02T10:01:00+08:00"))
            let job = RetentionJob(
                outbox: database.outbox, audit: GridDatabase.audit, rules: GridOperations.personalData.retention,
                now: { end }, batchSize: 1, logger: .init(label: "test"))
            #expect(try await job.runToday()["booking-applicants"] == 2)
            let rows = try await database.pool.query(
                """
                select id, num_nonnulls(contact_name_encrypted, contact_mobile_encrypted, applicant) as left, purpose
                from grid.bookings order by number
                """
            ).rows
            #expect(try rows.map { try $0.decode("left", as: Int.self) } == [0, 0, 3])
            #expect(try rows.map { try $0.decode("purpose", as: String.self) } == ["", "", "居民议事"])
            #expect(try rows.map { BookingID(rawValue: try $0.decode("id")) } == [old.id, cancelled.id, kept.id])
            let shown = try #require(try await database.bookings.find(old.id, scope: .everything))
            #expect(shown.maskedName == nil && shown.booking.state == .approved)
        }
    }
}
