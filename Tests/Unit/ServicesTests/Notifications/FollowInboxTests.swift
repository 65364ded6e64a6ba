import Foundation
import Models
import NotificationsService
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct FollowInboxTests {
    private let person = PersonID.new()

    /// Follows in tasks of its own until `body` returns.
    private func following(
        _ inbox: GrowingInbox, after sequence: Int64?, interval: Duration = .seconds(3600),
        _ body: (InboxWatcher, Seen) async throws -> Void
    ) async throws {
        let watcher = InboxWatcher(store: inbox, interval: interval)
        let seen = Seen()
        let watching = Task { try await watcher.run() }
        let follow = FollowInbox(store: inbox, watcher: watcher)
        let following = Task {
            try await follow(person, scope: .everything, after: sequence) { delivery in
                seen.add(delivery.sequence)
                return true
            }
        }
        try await body(watcher, seen)
        following.cancel()
        try await following.value
        watching.cancel()
        // Cancelled while it sleeps or while it waits for a ring: both are its end.
        _ = await watching.result
        #expect(watcher.waiting == 0)
    }

    @Test func `a follower gets what it missed and then what comes, each once and in order`() async throws {
        let inbox = GrowingInbox(person, count: 250)
        try await following(inbox, after: 40) { watcher, seen in
            try await eventually(within: .seconds(10), "the past") { seen.all.count == 210 && watcher.waiting == 1 }
            inbox.grow(by: 3)
            watcher.wake()
            try await eventually(within: .seconds(10), "the news") { seen.all.count == 213 }
            #expect(seen.all == Array(41...253))
        }
    }

    @Test func `without a last message a follower begins with the present`() async throws {
        let inbox = GrowingInbox(person, count: 5)
        try await following(inbox, after: nil) { watcher, seen in
            try await eventually(within: .seconds(10), "waiting") { watcher.waiting == 1 }
            inbox.grow(by: 1)
            watcher.wake()
            try await eventually(within: .seconds(10), "the news") { !seen.all.isEmpty }
            #expect(seen.all == [6])
        }
    }

    @Test func `what another replica delivered is found without a ring`() async throws {
        let inbox = GrowingInbox(person, count: 0)
        try await following(inbox, after: nil, interval: .milliseconds(20)) { watcher, seen in
            try await eventually(within: .seconds(10), "waiting") { watcher.waiting == 1 }
            inbox.grow(by: 1)
            try await eventually(within: .seconds(10), "the news") { seen.all == [1] }
        }
    }

    @Test func `a ring before the commit is followed up`() async throws {
        let inbox = GrowingInbox(person, count: 0)
        try await following(inbox, after: nil) { watcher, seen in
            try await eventually(within: .seconds(10), "waiting") { watcher.waiting == 1 }
            let asked = inbox.questions
            watcher.wake()
            // It has looked in vain at least once: the commit comes only now.
            try await eventually(within: .seconds(10), "a look in vain") { inbox.questions > asked }
            inbox.grow(by: 1)
            try await eventually(within: .seconds(10), "the news") { seen.all == [1] }
        }
    }

    @Test func `what came between the reading and the waiting is found without a ring`() async throws {
        let inbox = GrowingInbox(person, count: 5)
        let watcher = InboxWatcher(store: inbox, interval: .seconds(3600))
        let watching = Task { try await watcher.run() }
        let upToDate = Task { await watcher.wait(for: person, after: 5) }
        // The look at the start of the watch is over once this one was asked for.
        try await eventually(within: .seconds(10), "a look in vain") { inbox.questions > 0 }
        let seen = Seen()
        Task {
            await watcher.wait(for: person, after: 4)
            seen.add(5)
        }
        try await eventually(within: .seconds(10), "the one that is behind") { seen.all == [5] }
        upToDate.cancel()
        await upToDate.value
        watching.cancel()
        _ = await watching.result
    }

    @Test func `a follower that nobody listens to any more ends`() async throws {
        let inbox = GrowingInbox(person, count: 9)
        let follow = FollowInbox(store: inbox, watcher: InboxWatcher(store: inbox))
        let seen = Seen()
        try await follow(person, scope: .everything, after: 0) { delivery in
            seen.add(delivery.sequence)
            return delivery.sequence < 3
        }
        #expect(seen.all == [1, 2, 3])
    }

    @Test func `a watch that failed goes on with the same followers when it is begun again`() async throws {
        let inbox = GrowingInbox(person, count: 0)
        let watcher = InboxWatcher(store: inbox, interval: .milliseconds(10))
        let waiting = Task { await watcher.wait(for: person, after: 0) }
        try await eventually(within: .seconds(10), "waiting") { watcher.waiting == 1 }
        inbox.failOnce()
        await #expect(throws: GrowingInbox.Away.self) { try await watcher.run() }
        inbox.grow(by: 1)
        let watching = Task { try await watcher.run() }
        try await eventually(within: .seconds(10), "the follower goes on") { watcher.waiting == 0 }
        await waiting.value
        watching.cancel()
        _ = await watching.result
    }
}

/// The numbers that a follower was handed.
private final class Seen: Sendable {
    private let numbers = Mutex<[Int64]>([])
    var all: [Int64] { numbers.withLock { $0 } }
    func add(_ number: Int64) { numbers.withLock { $0.append(number) } }
}

/// An inbox of one person in memory that holds the messages 1 to its size.
private final class GrowingInbox: InboxStore {
    struct Away: Error {}

    private struct State {
        var size: Int64
        var questions = 0
        var fails = false
    }

    private let person: PersonID
    private let state: Mutex<State>

    init(_ person: PersonID, count: Int64) {
        self.person = person
        state = Mutex(State(size: count))
    }

    var questions: Int { state.withLock { $0.questions } }
    func grow(by count: Int64) { state.withLock { $0.size += count } }
    func failOnce() { state.withLock { $0.fails = true } }

    func following(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, limit: Int
    ) async throws -> [Delivery] {
        let size = state.withLock { $0.size }
        guard person == self.person, sequence < size else { return [] }
        return try ((sequence + 1)...size).prefix(limit).map(delivery)
    }

    func heads(of people: [PersonID]) async throws -> [PersonID: Int64] {
        try state.withLock { state in
            state.questions += 1
            if state.fails {
                state.fails = false
                throw Away()
            }
            return people.contains(person) ? [person: state.size] : [:]
        }
    }

    func newest(
        of person: PersonID, in box: InboxBox, scope: ScopeFilter, before sequence: Int64?, limit: Int, at moment: Date
    ) async throws -> [Delivery] { [] }
    func unread(of person: PersonID, scope: ScopeFilter) async throws -> Int { 0 }
    func counts(of person: PersonID, scope: ScopeFilter, at moment: Date) async throws -> InboxCounts {
        InboxCounts(inbox: 0, unread: 0, archived: 0, snoozed: 0)
    }
    func sort(
        _ sequence: Int64, of person: PersonID, _ act: InboxAct, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool { false }
    func unstaffedAreas(
        scope: ScopeFilter, after last: (code: String, audience: String)?, limit: Int
    ) async throws -> [UnstaffedArea] { [] }

    private func delivery(_ sequence: Int64) throws -> Delivery {
        Delivery(
            sequence: sequence, event: NewsEvent.incidentReported.rawValue, subject: .incident, subjectID: UUID(),
            template: "incidentReported", templateVersion: 1,
            words: TemplateWords(title: MessageText("标题", "title"), body: MessageText("内容", "body")),
            slots: MessageSlots([.number: "\(sequence)"]), urgency: .ordinary,
            occurredAt: Date(timeIntervalSince1970: 0), deliveredAt: Date(timeIntervalSince1970: 0))
    }
}
