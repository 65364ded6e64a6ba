import Foundation
import Models
import NotificationsService
import Testing

@Suite struct RouteTests {
    private let templates: [String: Set<MessageSlot>] = ["incident": [.number, .grid], "booking": [.from]]

    private func faults(_ routes: MessageRoute...) -> [String] {
        RouteSet.faults(routes, templates: templates).map { "\($0.field) \($0.code)" }
    }

    @Test(arguments: [
        "reporter", "assignee", "subscribers", "supervisors", "role:gridWorker@area", "role:communityCadre@community",
        "person:0190a000-0000-7000-8000-000000000001",
    ])
    func `an audience is written as it is read`(_ code: String) throws {
        #expect(try #require(Audience(code)).code == code)
    }

    @Test(arguments: [
        "", "role:", "role:gridWorker", "role:mayor@area", "role:volunteerTeam@area", "person:x", "everybody",
    ])
    func `what is no audience is not read`(_ code: String) { #expect(Audience(code) == nil) }

    @Test func `the id of a named person stays out of counts`() throws {
        #expect(Audience.person(.new()).kind == "person")
    }

    @Test func `a route names an approved template whose slots the event has`() {
        #expect(faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: "incident")).isEmpty)
        #expect(
            faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: "none"))
                == ["routes[0].template reference-unknown"])
        #expect(
            faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: nil))
                == ["routes[0].template reference-unknown"])
        #expect(
            faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: "booking"))
                == ["routes[0].template slot-not-of-event"])
    }

    @Test func `a route that tells nobody needs no template`() {
        #expect(faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: nil, channels: [])).isEmpty)
        #expect(
            faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: "incident", channels: []))
                == ["routes[0].template not-applicable"])
    }

    @Test func `the inbox is always one of the ways`() {
        #expect(
            faults(MessageRoute(event: .incidentClosed, audience: .reporter, template: "incident", channels: [.sms]))
                == ["routes[0].channels required"])
    }

    @Test func `audience and state go with the event, and no two routes say the same`() {
        #expect(
            faults(
                MessageRoute(event: .bookingApproved, audience: .assignee, template: "booking"),
                MessageRoute(event: .bookingApproved, state: "closed", audience: .reporter, template: "booking"))
                == ["routes[0].audience not-applicable", "routes[1].state unknown-word"])
        let route = MessageRoute(event: .incidentClosed, audience: .reporter, template: "incident")
        #expect(faults(route, route) == ["routes[1] duplicate-row"])
    }

    @Test func `what is missing is found`() {
        let set = RouteSet(
            division: "532923", version: 1, isInForce: true, changedAt: nil,
            routes: [
                MessageRoute(event: .incidentClosed, audience: .reporter, template: "none"),
                MessageRoute(event: .incidentHandled, audience: .reporter, template: "booking"),
                MessageRoute(event: .incidentFiled, audience: .reporter, template: nil, channels: []),
            ])
        let found = RouteFinding.all(in: [set], templates: templates)
        #expect(found.count { $0.kind == .eventNotRouted } == NewsEvent.allCases.count - 3)
        #expect(found.filter { $0.kind == .routeWithoutTemplate }.map(\.event) == [.incidentClosed])
        #expect(found.filter { $0.kind == .templateSlotUnknown }.map(\.event) == [.incidentHandled])
        // What only a town says leaves the others without a word.
        var town = set
        town.division = "532923100"
        #expect(
            RouteFinding.all(in: [town], templates: templates).count { $0.kind == .eventNotRouted }
                == NewsEvent.allCases.count)
    }
}
