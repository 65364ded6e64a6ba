import Foundation
import Models

/// Where sets of routes are kept.
package protocol RouteStore: Sendable {
    /// A set: that which counts, or one of its versions; nil for none.
    func find(_ division: String, version: Int?) async throws -> RouteSet?

    /// The sets that count, by division.
    func inForce() async throws -> [RouteSet]

    /// The slots of the templates whose words in the inbox are approved.
    func templateSlots() async throws -> [String: Set<MessageSlot>]

    /// Puts routes in the place of a division's.
    ///
    /// - Parameter version: the version that the caller has read, 0 for none; nil for any.
    /// - Throws: `RoutesChanged` when there is another.
    func replace(
        _ division: String, _ routes: [MessageRoute], ifVersion version: Int?, at moment: Date
    ) async throws -> RouteSet

    /// How many events nobody was told of since a day began, by reason.
    func unaddressed(since day: CalendarDay) async throws -> [String: Int]

    /// Who would be told of news.
    func tryOut(_ news: News) async throws -> [TriedRoute]
}

/// What a route would do with an event.
package struct TriedRoute: Sendable, Equatable {
    /// Who is told.
    package var audience: String
    /// The template.
    package var template: String?
    /// Its version; nil when no words are approved.
    package var templateVersion: Int?
    /// The ways; empty when the route says that nobody is told.
    package var channels: [String]
    /// Whose route it is; empty for the suite's own.
    package var division: String
    /// In which version.
    package var version: Int
    /// Who would be told, by ids.
    package var people: [PersonID]

    /// Gathers it.
    package init(
        audience: String, template: String?, templateVersion: Int?, channels: [String], division: String, version: Int,
        people: [PersonID]
    ) {
        self.audience = audience
        self.template = template
        self.templateVersion = templateVersion
        self.channels = channels
        self.division = division
        self.version = version
        self.people = people
    }
}

/// Keeps who is told of what.
package struct KeepRoutes: Sendable {
    private let store: any RouteStore
    private let now: @Sendable () -> Date

    /// Keeps in a store, with the time of a clock.
    package init(store: any RouteStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The routes of a division; version 0 of one that has said nothing.
    ///
    /// - Parameter version: one that counted once; nil for the present.
    /// - Returns: nil when there is no such version.
    package func one(_ division: String, version: Int?) async throws -> RouteSet? {
        if let set = try await store.find(division, version: version) { return set }
        return version == nil
            ? RouteSet(division: division, version: 0, isInForce: true, changedAt: nil, routes: []) : nil
    }

    /// What counts in a division: its own routes and those of the divisions above that it does not contradict.
    package func counting(in division: String) async throws -> [(division: String, route: MessageRoute)] {
        let line = RouteSet.line(to: division)
        var found: [MessageRoute.Place: (division: String, route: MessageRoute)] = [:]
        for set in try await store.inForce().sorted(by: { $0.division.utf8.count < $1.division.utf8.count })
        where line.contains(set.division) {
            for route in set.routes { found[route.place] = (set.division, route) }
        }
        return found.values.sorted { left, right in
            (left.route.event.rawValue, left.route.audience.code, left.route.state ?? "")
                < (right.route.event.rawValue, right.route.audience.code, right.route.state ?? "")
        }
    }

    /// Puts routes in the place of a division's.
    ///
    /// - Parameter version: the version that the caller has read, 0 for none; nil for any.
    /// - Throws: `MessageFaults`, `RoutesChanged`.
    package func replace(
        _ division: DivisionCode, _ routes: [MessageRoute], ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> RouteSet {
        guard scope.contains(division) else { throw MessageFaults([.outsideScope("division")]) }
        let faults = RouteSet.faults(routes, templates: try await store.templateSlots())
        guard faults.isEmpty else { throw MessageFaults(faults) }
        return try await store.replace(division.digits, routes, ifVersion: version, at: now())
    }

    /// Who would be told of an event, without effect.
    ///
    /// - Throws: `MessageFaults` for a place outside the scope, or a state that the event does not have.
    package func tryOut(_ news: News, scope: ScopeFilter) async throws -> [TriedRoute] {
        guard scope.contains(code: news.code) else { throw MessageFaults([.outsideScope("code")]) }
        guard news.event.states.contains(news.state) else {
            throw MessageFaults([.unknownWord("state", chinese: news.event.states, english: news.event.states)])
        }
        return try await store.tryOut(news)
    }
}
