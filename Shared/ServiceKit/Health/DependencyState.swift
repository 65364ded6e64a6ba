import Foundation

/// What a service depends on.
package enum Dependency: String, Sendable, CaseIterable, Codable {
    /// Its PostgreSQL database.
    case database
    /// The Kafka brokers.
    case broker
    /// Its tables: all migrations applied.
    case migrations
}

/// How a dependency was when it was last looked at.
package struct DependencyState: Sendable, Hashable, Codable {
    /// The states of a dependency.
    package enum Condition: String, Sendable, Codable {
        /// Not looked at yet.
        case unknown
        /// It works.
        case ready
        /// It cannot be reached, or it is not as it must be.
        case unavailable
    }

    /// How it was.
    package var condition: Condition
    /// Why, in words that hold no address and no credentials.
    package var reason: String?
    /// Since when it has been so.
    package var since: Date

    /// Makes a state.
    package init(condition: Condition, reason: String? = nil, since: Date) {
        self.condition = condition
        self.reason = reason
        self.since = since
    }
}
