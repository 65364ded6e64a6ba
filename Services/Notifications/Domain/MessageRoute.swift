import Foundation
import Models

/// One rule of who is told of what, in which words and on which ways.
package struct MessageRoute: Sendable, Hashable {
    /// Which event.
    package var event: NewsEvent
    /// Only after events that leave what they are about in this state; nil for any.
    package var state: String?
    /// Who is told.
    package var audience: Audience
    /// The template; nil where nobody is told.
    package var template: String?
    /// The ways; empty to tell nobody, which silences what is said further up.
    package var channels: [ChannelCode]

    /// Makes a route.
    package init(
        event: NewsEvent, state: String? = nil, audience: Audience, template: String?,
        channels: [ChannelCode] = [.inApp]
    ) {
        self.event = event
        self.state = state
        self.audience = audience
        self.template = template
        self.channels = channels
    }

    /// What no two routes of a set have in common.
    struct Place: Hashable {
        let event: NewsEvent
        let state: String?
        let audience: Audience
    }

    var place: Place { Place(event: event, state: state, audience: audience) }
}

/// The routes of a division, in one version.
package struct RouteSet: Sendable, Equatable {
    /// Whose: the digits of a division code, or empty for the suite's own.
    package var division: String
    /// 0 for a division that has said nothing yet.
    package var version: Int
    /// Whether it is the one that counts.
    package var isInForce: Bool
    /// When it was put there; nil for version 0.
    package var changedAt: Date?
    /// The rules, in the order given.
    package var routes: [MessageRoute]

    /// Gathers a set.
    package init(division: String, version: Int, isInForce: Bool, changedAt: Date?, routes: [MessageRoute]) {
        self.division = division
        self.version = version
        self.isInForce = isInForce
        self.changedAt = changedAt
        self.routes = routes
    }

    /// The most routes of a set.
    package static let routesMax = 500

    /// The divisions whose routes count in one: the suite's, the county's and so on down to its own.
    package static func line(to division: String) -> [String] {
        [""] + [6, 9, 12].filter { $0 <= division.utf8.count }.map { String(division.prefix($0)) }
    }
}

extension RouteSet {
    /// What is wrong with routes.
    ///
    /// - Parameter templates: the slots of the templates whose words are approved.
    package static func faults(_ routes: [MessageRoute], templates: [String: Set<MessageSlot>]) -> [RowFault] {
        guard routes.count <= routesMax else { return [.outOfRange("routes", 0...routesMax)] }
        var places: [MessageRoute.Place: Int] = [:]
        return routes.enumerated().flatMap { index, route -> [RowFault] in
            if let first = places.updateValue(index, forKey: route.place) {
                return [.duplicate("routes[\(index)]", of: first + 1)]
            }
            return route.faults("routes[\(index)]", templates)
        }
    }
}

extension MessageRoute {
    fileprivate func faults(_ field: String, _ templates: [String: Set<MessageSlot>]) -> [RowFault] {
        var faults: [RowFault] = []
        if let state, !event.states.contains(state) {
            faults.append(.unknownWord(field + ".state", chinese: event.states, english: event.states))
        }
        if !event.admits(audience) {
            faults.append(
                RowFault(
                    field: field + ".audience", code: .notApplicable, "此事件没有这类接收人，请改选",
                    "the event has no such audience; choose another"))
        }
        guard !channels.isEmpty else {
            if template != nil {
                faults.append(
                    RowFault(
                        field: field + ".template", code: .notApplicable, "不通知任何人时不要填写模板",
                        "a route that tells nobody has no template"))
            }
            return faults
        }
        if !channels.contains(.inApp) {
            faults.append(
                RowFault(
                    field: field + ".channels", code: .required, "必须包含 inApp，收件箱是其他渠道的后备；不通知时请留空",
                    "inApp must be among them, since the inbox stands behind all others; leave it empty to tell nobody")
            )
        }
        guard let template, let slots = templates[template] else {
            faults.append(
                RowFault(
                    field: field + ".template", code: .referenceUnknown, "没有已批准的模板，请先起草并由第二人批准",
                    "there is no approved template of this name; draft one and have a second person approve it"))
            return faults
        }
        let foreign = slots.subtracting(event.slots)
        if !foreign.isEmpty { faults.append(.slotOfOtherEvent(field + ".template", Array(foreign), event)) }
        return faults
    }
}

/// Routes have been changed by somebody else meanwhile.
package struct RoutesChanged: Error, Sendable, Hashable {
    package init() {}
}
