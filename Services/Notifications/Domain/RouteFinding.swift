import Models

/// What is missing in routes and templates, so that somebody would not be told.
package struct RouteFinding: Sendable, Hashable {
    /// What kind.
    package enum Kind: String, Sendable, CaseIterable {
        /// No route of any division says whether anybody is told of the event.
        case eventNotRouted = "event-not-routed"
        /// The route's template has no approved words.
        case routeWithoutTemplate = "route-without-template"
        /// The words have a slot that the event does not.
        case templateSlotUnknown = "template-slot-unknown"
    }

    /// What kind.
    package var kind: Kind
    /// Which event.
    package var event: NewsEvent
    /// Whose routes; empty for the suite's own.
    package var division: String
    /// Who should be told.
    package var audience: String?
    /// The template.
    package var template: String?

    /// Gathers a finding.
    package init(kind: Kind, event: NewsEvent, division: String = "", audience: String? = nil, template: String? = nil)
    {
        self.kind = kind
        self.event = event
        self.division = division
        self.audience = audience
        self.template = template
    }

    /// Looks through the sets that count.
    ///
    /// - Parameter templates: the slots of the templates whose words are approved.
    package static func all(in sets: [RouteSet], templates: [String: Set<MessageSlot>]) -> [RouteFinding] {
        // What only a town says leaves the other towns without a word.
        let general = Set(sets.filter { $0.division.utf8.count <= 6 }.flatMap { $0.routes.map(\.event) })
        let unrouted = NewsEvent.allCases.filter { !general.contains($0) }.map { event in
            RouteFinding(kind: .eventNotRouted, event: event)
        }
        return unrouted
            + sets.flatMap { set in
                set.routes.compactMap { route -> RouteFinding? in
                    guard !route.channels.isEmpty else { return nil }
                    let kind: Kind
                    if let slots = route.template.flatMap({ templates[$0] }) {
                        guard !slots.isSubset(of: route.event.slots) else { return nil }
                        kind = .templateSlotUnknown
                    } else {
                        kind = .routeWithoutTemplate
                    }
                    return RouteFinding(
                        kind: kind, event: route.event, division: set.division, audience: route.audience.kind,
                        template: route.template)
                }
            }
    }
}
