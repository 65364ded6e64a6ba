import Foundation
import Models

/// Where inboxes are read.
///
/// An inbox is read by its owner alone: to anybody else it is as if nothing had ever come to it.
package protocol InboxStore: Sendable {
    /// The newest messages of a part of an inbox, newest first.
    ///
    /// - Parameters:
    ///   - sequence: only those before it; nil for the newest of all.
    ///   - moment: what sleeps until later is asleep.
    func newest(
        of person: PersonID, in box: InboxBox, scope: ScopeFilter, before sequence: Int64?, limit: Int, at moment: Date
    ) async throws -> [Delivery]

    /// The messages of an inbox after one, oldest first. Whoever has seen one has missed none before it.
    func following(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, limit: Int
    ) async throws -> [Delivery]

    /// The numbers of the newest messages; an inbox in which nothing ever came is absent.
    func heads(of people: [PersonID]) async throws -> [PersonID: Int64]

    /// How many messages of an inbox were not marked as read.
    func unread(of person: PersonID, scope: ScopeFilter) async throws -> Int

    /// How many messages are in each part of an inbox.
    func counts(of person: PersonID, scope: ScopeFilter, at moment: Date) async throws -> InboxCounts

    /// Does something with a message; again changes nothing.
    ///
    /// - Returns: false when there is no such message.
    func sort(
        _ sequence: Int64, of person: PersonID, _ act: InboxAct, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool

    /// Posts for whom messages come and that nobody holds, by the code of the area and then the audience.
    ///
    /// - Parameter last: only those after it; nil for the first.
    func unstaffedAreas(
        scope: ScopeFilter, after last: (code: String, audience: String)?, limit: Int
    ) async throws -> [UnstaffedArea]
}

/// What its owner does with a message.
package enum InboxAct: Sendable, Hashable {
    /// Marks it as read.
    case read
    /// Puts it away; it is read then.
    case archive
    /// Takes it out again.
    case unarchive
    /// Does not want to see it before a moment; nil wakes it.
    case snooze(Date?)
}
