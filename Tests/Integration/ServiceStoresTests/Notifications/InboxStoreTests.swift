import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct InboxStoreTests {
    private let person = PersonID.new()

    private func fill(_ notify: NotificationsDatabase, _ count: Int) async throws {
        try await notify.apply(
            (1...count).map { IncidentClosed(incident: try GridNewsFixture.incident("\($0)", reporter: person)) })
    }

    @Test func `an inbox is read from the newest, page by page`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify, 5)
            let first = try await notify.store.newest(of: person, before: nil, limit: 3)
            #expect(first.map(\.sequence) == [5, 4, 3])
            let second = try await notify.store.newest(of: person, before: first.last?.sequence, limit: 3)
            #expect(second.map(\.sequence) == [2, 1])
            #expect(second.last?.slots[.function] == "disputeMediation")
            #expect(second.last?.deliveredAt == NotificationsDatabase.moment)
        }
    }

    @Test func `reading a message counts it once`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify, 3)
            let readAt = NotificationsDatabase.moment.addingTimeInterval(60)
            #expect(try await notify.store.markRead(2, of: person, at: readAt))
            #expect(try await notify.store.markRead(2, of: person, at: readAt.addingTimeInterval(60)))
            #expect(try await notify.store.unread(of: person) == 2)
            let messages = try await notify.store.newest(of: person, before: nil, limit: 10)
            #expect(messages.map(\.readAt) == [nil, readAt, nil])
        }
    }

    @Test func `what is not in this inbox cannot be marked`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify, 1)
            #expect(try await notify.store.markRead(2, of: person, at: NotificationsDatabase.moment) == false)
            #expect(try await notify.store.markRead(1, of: .new(), at: NotificationsDatabase.moment) == false)
            #expect(try await notify.store.unread(of: person) == 1)
        }
    }

    @Test func `heads are those of the people asked for who have messages`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify, 4)
            #expect(try await notify.store.heads(of: [person, .new()]) == [person: 4])
            #expect(try await notify.store.newest(of: .new(), before: nil, limit: 5).isEmpty)
            #expect(try await notify.store.unread(of: .new()) == 0)
        }
    }

    @Test func `what was put away or sleeps is counted apart and comes back`() async throws {
        try await NotificationsDatabase.with { notify in
            try await fill(notify, 4)
            let moment = NotificationsDatabase.moment
            let tomorrow = moment.addingTimeInterval(86_400)
            for _ in 0..<2 {
                #expect(try await notify.store.sort(4, of: person, .archive, at: moment))
                #expect(try await notify.store.sort(3, of: person, .snooze(tomorrow), at: moment))
            }
            func sequences(_ box: InboxBox, at time: Date) async throws -> [Int64] {
                try await notify.store.newest(of: person, in: box, before: nil, limit: 9, at: time).map(\.sequence)
            }
            #expect(try await sequences(.inbox, at: moment) == [2, 1])
            #expect(try await sequences(.archive, at: moment) == [4])
            #expect(try await sequences(.snoozed, at: moment) == [3])
            #expect(try await sequences(.all, at: moment) == [4, 3, 2, 1])
            // What is put away is read.
            let counts = try await notify.store.counts(of: person, scope: .everything, at: moment)
            #expect(counts == InboxCounts(inbox: 2, unread: 3, archived: 1, snoozed: 1))
            #expect(try await sequences(.inbox, at: tomorrow) == [3, 2, 1])
            #expect(try await notify.store.sort(4, of: person, .unarchive, at: moment))
            #expect(try await notify.store.sort(3, of: person, .snooze(nil), at: moment))
            #expect(try await sequences(.inbox, at: moment) == [4, 3, 2, 1])
            #expect(try await notify.store.unread(of: person) == 3)
            #expect(try await notify.store.sort(9, of: person, .archive, at: moment) == false)
        }
    }
}
