import Foundation
import GridOperationsService
import Models
import ServiceKit
import Testing

/// Bookings and calendars over HTTP.
@Suite(.timeLimit(.minutes(3))) struct BookingRouteTests {
    private static let community = "532923100001"

    private struct Town {
        let service: ServedService
        let room: String
    }

    private func withTown(_ body: (Town) async throws -> Void) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            try await service.registerTown([Self.community, "532923100002"])
            let row = "{\"divisionCode\":\"\(Self.community)\",\"kind\":\"meeting\",\"openTo\":\"resident\"}"
            _ = try await service.send([row], to: "/v1/rooms/bulk", as: .communityDesk, Self.community)
            let list = try await service.ask("GET", "/v1/rooms", as: .communityDesk, Self.community)
            let room = String(try #require(list.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1)
            let week = (1...7).map { "{\"weekday\":\($0),\"spans\":[{\"from\":\"00:00\",\"to\":\"24:00\"}]}" }
            let settings = """
                {"name":"议事厅；一,二","openTo":"resident","bookable":true,"capacity":20,
                 "openingHours":{"weekly":[\(week.joined(separator: ","))]}}
                """
            let put = try await service.ask(
                "PUT", "/v1/rooms/\(room)", as: .communityDesk, Self.community, body: settings,
                headers: ["if-match": "\"1\""])
            #expect(put.status == 200 && put.headers["etag"] == "\"2\"", "\(put.body)")
            try await body(Town(service: service, room: room))
        }
    }

    /// Tomorrow at noon in the county, and an hour later.
    private static func body(_ room: String, waits: Bool = false) throws -> String {
        let noon = try #require(CalendarDay(inShanghai: Date())?.adding(days: 1)).moment(
            at: try #require(ClockTime("12:00")))
        return """
            {"roomID":"\(room)","from":"\(RFC3339.format(noon))","to":"\(RFC3339.format(noon.addingTimeInterval(3600)))",
             "purpose":"居民议事","headcount":9,"contactName":"欧阳春梅","contactMobile":"13800138000","waitIfTaken":\(waits)}
            """
    }

    @Test func `a resident books, sees and cancels his own, and nobody else's`() async throws {
        try await withTown { town in
            let (me, other) = (PersonID.new().description, PersonID.new().description)
            func book(_ subject: String, waits: Bool = false) async throws -> ServedService.Answer {
                try await town.service.ask(
                    "POST", "/v1/own-bookings", as: .resident, "self", subject: subject,
                    body: try Self.body(town.room, waits: waits), headers: ["idempotency-key": "k"])
            }
            let mine = try await book(me)
            #expect(mine.status == 201 && mine.body.contains("\"state\":\"approved\""), "\(mine.body)")
            let location = try #require(mine.headers["location"])
            let taken = try await book(other)
            #expect(taken.status == 409 && taken.body.contains("time-taken") && taken.body.contains(town.room))
            let waiting = try await town.service.ask(
                "POST", "/v1/own-bookings", as: .unitLiaison, "unit:U1", subject: other,
                body: try Self.body(town.room, waits: true), headers: ["idempotency-key": "w"])
            #expect(waiting.status == 201 && waiting.body.contains("\"state\":\"waiting\""), "\(waiting.body)")
            for method in ["GET", "POST"] {
                let path = method == "GET" ? location : "\(location)/cancel"
                let foreign = try await town.service.ask(
                    method, path, as: .resident, "self", subject: other, headers: ["if-match": "*"])
                #expect(foreign.status == 404, "\(foreign.body)")
            }
            let list = try await town.service.ask("GET", "/v1/own-bookings", as: .resident, "self", subject: me)
            #expect(list.body.contains("欧阳**") && !list.body.contains("欧阳春梅") && list.body.contains("138****8000"))
            let cancelled = try await town.service.ask(
                "POST", "\(location)/cancel", as: .resident, "self", subject: me, headers: ["if-match": "\"1\""])
            #expect(cancelled.status == 200 && cancelled.body.contains("cancelledByUser"), "\(cancelled.body)")
            // The other, whom the first must not see, has moved up.
            let moved = try await town.service.ask(
                "GET", try #require(waiting.headers["location"]), as: .resident, "self", subject: other)
            #expect(moved.body.contains("\"state\":\"approved\""), "\(moved.body)")
        }
    }

    @Test func `a desk keeps the bookings of its community, a neighbour's are as if they did not exist`() async throws {
        try await withTown { town in
            let service = town.service
            let booked = try await service.ask(
                "POST", "/v1/bookings", as: .communityDesk, Self.community, body: try Self.body(town.room),
                headers: ["idempotency-key": "k"])
            #expect(booked.status == 201, "\(booked.body)")
            let location = try #require(booked.headers["location"])
            let foreignRoom = try await service.ask(
                "POST", "/v1/bookings", as: .communityDesk, "532923100002", body: try Self.body(town.room),
                headers: ["idempotency-key": "f"])
            #expect(foreignRoom.status == 404, "\(foreignRoom.body)")
            for (method, path) in [("GET", location), ("POST", "\(location)/cancel"), ("POST", "\(location)/unmask")] {
                let answer = try await service.ask(
                    method, path, as: .communityDesk, "532923100002",
                    body: method == "GET" ? nil : "{\"reason\":\"停电检修\",\"purpose\":\"P6\"}", headers: ["if-match": "*"]
                )
                #expect(answer.status == 404, "\(path): \(answer.body)")
            }
            let none = try await service.ask("GET", "/v1/bookings", as: .communityDesk, "532923100002")
            #expect(none.body == "{\"items\":[]}")
            let stale = try await service.ask(
                "POST", "\(location)/cancel", as: .communityDesk, Self.community, body: "{\"reason\":\"停电检修\"}",
                headers: ["if-match": "\"9\""])
            #expect(stale.status == 412)
            let unmasked = try await service.ask(
                "POST", "\(location)/unmask", as: .communityDesk, Self.community,
                body: "{\"purpose\":\"P6\",\"reason\":\"通知停电\"}")
            #expect(unmasked.body.contains("欧阳春梅") && unmasked.body.contains("13800138000"), "\(unmasked.body)")
            let cancelled = try await service.ask(
                "POST", "\(location)/cancel", as: .communityDesk, Self.community, body: "{\"reason\":\"停电检修\"}",
                headers: ["if-match": "\"1\""])
            #expect(cancelled.status == 200 && cancelled.body.contains("\"alternative\":{"), "\(cancelled.body)")
            let again = try await service.ask(
                "POST", "\(location)/cancel", as: .communityDesk, Self.community, body: "{\"reason\":\"停电检修\"}",
                headers: ["if-match": "*"])
            #expect(again.status == 409 && again.body.contains("booking-state"))
        }
    }

    @Test func `calendars show when a room is taken, to the applicant what for, and what was cancelled as cancelled`()
        async throws
    {
        try await withTown { town in
            let (service, me) = (town.service, PersonID.new().description)
            let booked = try await service.ask(
                "POST", "/v1/own-bookings", as: .resident, "self", subject: me, body: try Self.body(town.room),
                headers: ["idempotency-key": "k"])
            let location = try #require(booked.headers["location"])
            let path = "/v1/rooms/\(town.room)/calendar"
            let first = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(first.headers["content-type"] == "text/calendar; charset=utf-8")
            #expect(first.body.contains("STATUS:CONFIRMED\r\n") && first.body.contains("SEQUENCE:0\r\n"))
            #expect(first.body.contains("LOCATION:议事厅；一\\,二\r\n") && !first.body.contains("居民议事"))
            let tag = try #require(first.headers["etag"])
            let same = try await service.ask(
                "GET", path, as: .communityDesk, Self.community, headers: ["if-none-match": "\"x\", W/\(tag)"])
            #expect(same.status == 304 && same.body.isEmpty && same.headers["etag"] == tag)
            let open = try await service.ask("GET", "/v1/open-rooms/\(town.room)/calendar", as: .resident, "self")
            #expect(open.bytes == first.bytes)
            let own = try await service.ask("GET", "/v1/own-calendar", as: .resident, "self", subject: me)
            #expect(own.body.contains("居民议事"))
            let stranger = try await service.ask("GET", "/v1/own-calendar", as: .resident, "self", subject: "other")
            #expect(!stranger.body.contains("VEVENT"))
            _ = try await service.ask(
                "POST", "\(location)/cancel", as: .resident, "self", subject: me, headers: ["if-match": "*"])
            let after = try await service.ask(
                "GET", path, as: .communityDesk, Self.community, headers: ["if-none-match": tag])
            #expect(after.status == 200 && after.headers["etag"] != tag)
            #expect(after.body.contains("STATUS:CANCELLED\r\n") && after.body.contains("SEQUENCE:1\r\n"))
            let foreign = try await service.ask("GET", path, as: .communityDesk, "532923100002")
            #expect(foreign.status == 404)
        }
    }
}
