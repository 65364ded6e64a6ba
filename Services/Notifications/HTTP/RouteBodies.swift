import Foundation
import Hummingbird
import Models
import ServiceKit

/// A route as JSON, in requests and answers.
struct RouteBody: Codable, Sendable {
    let event: String
    let state: String?
    let audience: String
    let template: String?
    let channels: [String]

    init(_ route: MessageRoute) {
        event = route.event.rawValue
        state = route.state
        audience = route.audience.code
        template = route.template
        channels = route.channels.map(\.rawValue)
    }

    /// Reads the words.
    ///
    /// - Throws: the faults of words that there are not.
    func route(_ field: String) throws(MessageFaults) -> MessageRoute {
        guard let event = NewsEvent(rawValue: event) else { throw MessageFaults([.event(field + ".event")]) }
        guard let audience = Audience(audience) else {
            let words = ["reporter", "assignee", "subscribers", "supervisors", "role:gridWorker@area", "person:<id>"]
            throw MessageFaults([.unknownWord(field + ".audience", chinese: words, english: words)])
        }
        let ways = channels.compactMap(ChannelCode.init)
        guard ways.count == channels.count, Set(ways).count == ways.count else {
            let words = ChannelCode.allCases.map(\.rawValue)
            throw MessageFaults([.unknownWord(field + ".channels", chinese: words, english: words)])
        }
        return MessageRoute(event: event, state: state, audience: audience, template: template, channels: ways)
    }
}

extension RowFault {
    /// A name that no event has.
    static func event(_ field: String) -> RowFault {
        let names = NewsEvent.allCases.map(\.rawValue)
        return .unknownWord(field, chinese: names, english: names)
    }
}

/// Routes in the place of a division's.
struct RouteSetDraft: Decodable {
    let routes: [RouteBody]

    /// Reads the words of all of them.
    func checked() throws -> [MessageRoute] {
        guard routes.count <= RouteSet.routesMax else {
            throw MessageFaults([.outOfRange("routes", 0...RouteSet.routesMax)])
        }
        return try routes.enumerated().map { try $1.route("routes[\($0)]") }
    }
}

/// The routes of a division as JSON, with what counts there.
struct RouteSetBody: ResponseEncodable {
    struct Counting: Encodable {
        let division: String
        let event: String
        let state: String?
        let audience: String
        let template: String?
        let channels: [String]
    }

    let division: String
    let version: Int
    let isInForce: Bool
    let changedAt: Date?
    let routes: [RouteBody]
    let counting: [Counting]

    init(_ set: RouteSet, counting: [(division: String, route: MessageRoute)]) {
        division = set.division
        version = set.version
        isInForce = set.isInForce
        changedAt = set.changedAt
        routes = set.routes.map(RouteBody.init)
        self.counting = counting.map { division, route in
            Counting(
                division: division, event: route.event.rawValue, state: route.state, audience: route.audience.code,
                template: route.template, channels: route.channels.map(\.rawValue))
        }
    }
}

/// An event to be tried.
struct DryRunOrder: Decodable {
    let event: String
    let code: String
    let state: String
    let reporterID: PersonID?
    let organisations: [String]?
    let escalatedTo: DivisionCode?

    /// The event, as if it came now.
    func news(at moment: Date) throws(MessageFaults) -> News {
        guard let event = NewsEvent(rawValue: event) else { throw MessageFaults([.event("event")]) }
        let isPlace = event.subject == .booking ? DivisionCode(code)?.level == .community : GridCode(code) != nil
        guard isPlace else {
            throw MessageFaults([
                .malformed("code", form: ("网格代码（预约为社区代码）", "a grid code, of bookings that of a community"))
            ])
        }
        for code in organisations ?? [] where !code.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
            throw MessageFaults([.character("organisations")])
        }
        guard organisations?.count ?? 0 <= 20 else { throw MessageFaults([.outOfRange("organisations", 0...20)]) }
        return News(
            eventID: UUID(), event: event, state: state, subjectID: UUID(), code: code, reporterID: reporterID,
            organisations: organisations ?? [], escalatedTo: escalatedTo, slots: MessageSlots(sampleOf: event),
            occurredAt: moment)
    }
}

/// Who would be told of an event, as JSON.
struct DryRunBody: ResponseEncodable {
    struct Line: Encodable {
        let audience: String
        let template: String?
        let templateVersion: Int?
        let channels: [String]
        let division: String
        let version: Int
        let people: [PersonID]
        /// Why nobody is told; nil where somebody is.
        let reason: String?
    }

    let items: [Line]
    /// Why there is no line at all.
    let reason: String?

    init(_ routes: [TriedRoute]) {
        items = routes.map { route in
            Line(
                audience: route.audience, template: route.template, templateVersion: route.templateVersion,
                channels: route.channels, division: route.division, version: route.version, people: route.people,
                reason: Self.reason(route))
        }
        reason = routes.isEmpty ? SkipReason.noRoute.rawValue : nil
    }

    private static func reason(_ route: TriedRoute) -> String? {
        if route.channels.isEmpty { return "silenced" }
        if route.templateVersion == nil { return SkipReason.noTemplate.rawValue }
        guard route.people.isEmpty else { return nil }
        let reason: SkipReason =
            switch Audience(route.audience) {
            case .reporter: .noInbox
            case .role: .noRecipient
            default: .noSubscriber
            }
        return reason.rawValue
    }
}
