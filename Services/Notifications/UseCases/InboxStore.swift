import Foundation
import Models

/// Where inboxes are read.
///
/// An inbox is read by its owner alone: to anybody else it is as if nothing had ever come to it.
package protocol InboxStore: Sendable {
    /// The newest messages of an inbox, newest first.
    ///
    /// - Parameter sequence: only those before it; nil for the newest of all.
    func newest(of person: PersonID, scope: ScopeFilter, before sequence: Int64?, limit: Int) async throws -> [Delivery]

    /// The messages of an inbox after one, oldest first. Whoever has seen one has missed none before it.
    func following(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, limit: Int
    ) async throws -> [Delivery]

    /// The numbers of the newest messages; an inbox in which nothing ever came is absent.
    func heads(of people: [PersonID]) async throws -> [PersonID: Int64]

    /// How many messages of an inbox were not marked as read.
    func unread(of person: PersonID, scope: ScopeFilter) async throws -> Int

    /// Marks a message as read; again changes nothing.
    ///
    /// - Returns: false when there is no such message.
    func markRead(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool

    /// Areas in which messages find nobody, by code.
    ///
    /// - Parameter area: only those after it; nil for the first.
    func unstaffedAreas(scope: ScopeFilter, after area: String?, limit: Int) async throws -> [UnstaffedArea]
}
