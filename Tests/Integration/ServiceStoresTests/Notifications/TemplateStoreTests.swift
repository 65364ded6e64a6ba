import Foundation
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// The words of messages: drafts, approval by a second person, versions.
@Suite(.timeLimit(.minutes(2))) struct TemplateStoreTests {
    private static let key = TemplateKey(code: "incidentClosed", channel: .inApp)
    private let moment = NotificationsDatabase.moment

    private func keep(_ notify: NotificationsDatabase) -> KeepTemplates {
        KeepTemplates(store: notify.templates, watcher: InboxWatcher(store: notify.store), now: { moment })
    }

    private func words(_ body: String) -> TemplateWords {
        TemplateWords(title: MessageText("标题", "Heading"), body: MessageText(body, "Text"))
    }

    @Test func `who wrote a draft last cannot approve it, a second person can`() async throws {
        try await NotificationsDatabase.with { notify in
            let keep = keep(notify)
            let draft = try await keep.draft(
                Self.key, words("甲{{number}}"), by: "anna", ifRevision: 0, scope: .everything)
            #expect(draft.version == 2 && draft.state == .draft && !draft.isInForce)
            await #expect(throws: TemplateRefusal.approverIsAuthor) {
                try await keep.approve(Self.key, by: "anna", ifRevision: 1, scope: .everything)
            }
            // Whoever changes it becomes its author.
            let changed = try await keep.draft(
                Self.key, words("乙{{number}}"), by: "bert", ifRevision: 1, scope: .everything)
            #expect(changed.version == 2 && changed.revision == 2)
            await #expect(throws: TemplateRefusal.approverIsAuthor) {
                try await keep.approve(Self.key, by: "bert", ifRevision: 2, scope: .everything)
            }
            await #expect(throws: TemplateRefusal.changed) {
                try await keep.approve(Self.key, by: "anna", ifRevision: 1, scope: .everything)
            }
            let approved = try await keep.approve(Self.key, by: "anna", ifRevision: 2, scope: .everything)
            #expect(approved.isInForce && approved.words.body.chinese == "乙{{number}}")
            await #expect(throws: TemplateRefusal.noDraft) {
                try await keep.approve(Self.key, by: "carl", ifRevision: nil, scope: .everything)
            }
        }
    }

    @Test func `what was told keeps its words when they are changed`() async throws {
        try await NotificationsDatabase.with { notify in
            let keep = keep(notify)
            let reporter = PersonID.new()
            try await notify.apply([IncidentClosed(incident: try GridNewsFixture.incident("1", reporter: reporter))])
            _ = try await keep.draft(Self.key, words("新{{number}}"), by: "anna", ifRevision: 0, scope: .everything)
            _ = try await keep.approve(Self.key, by: "bert", ifRevision: 1, scope: .everything)
            try await notify.apply([IncidentClosed(incident: try GridNewsFixture.incident("2", reporter: reporter))])
            let texts = try await notify.store.following(0, of: reporter, limit: 9).map {
                try $0.words.filled($0.slots).body.chinese
            }
            #expect(texts.count == 2 && texts[0].hasPrefix("矛盾调解类事件 1，") && texts[1] == "新2")
            #expect(try await keep.versions(of: Self.key, before: nil, limit: 9).map(\.isInForce) == [true, false])
        }
    }

    @Test func `words with a slot that a routed event does not have are not approved`() async throws {
        try await NotificationsDatabase.with { notify in
            let keep = keep(notify)
            _ = try await keep.draft(Self.key, words("{{dueAt}}"), by: "anna", ifRevision: nil, scope: .everything)
            let error = await #expect(throws: MessageFaults.self) {
                try await keep.approve(Self.key, by: "bert", ifRevision: nil, scope: .everything)
            }
            #expect(error?.faults.map(\.code) == ["slot-not-of-event"])
            #expect(try await notify.templates.find(Self.key, version: 1)?.isInForce == true)
        }
    }

    @Test func `who administers a part of the county writes no words`() async throws {
        try await NotificationsDatabase.with { notify in
            let town = ScopeFilter([.division(try #require(DivisionPrefix("532923100")))])
            await #expect(throws: MessageFaults.self) {
                try await keep(notify).draft(Self.key, words("a"), by: "anna", ifRevision: nil, scope: town)
            }
        }
    }

    @Test func `a preview shows made-up values, a test sends them to one's own inbox`() async throws {
        try await NotificationsDatabase.with { notify in
            let keep = keep(notify)
            let me = PersonID.new()
            let text = try await keep.preview(Self.key, version: 1, of: .incidentClosed)
            #expect(text.body.chinese == "应急管理类事件 532923100001202611270001，网格 53292310000100101。已核查办结，感谢您的反映。")
            await #expect(throws: MessageFaults.self) {
                try await keep.preview(Self.key, version: 1, of: .bookingApproved)
            }
            await #expect(throws: TemplateRefusal.unknown) {
                try await keep.preview(Self.key, version: 9, of: .incidentClosed)
            }
            let county = ScopeFilter([.division(try #require(DivisionPrefix("532923")))])
            try await keep.test(Self.key, version: 1, of: .incidentClosed, to: me, scope: county)
            try await keep.test(Self.key, version: 1, of: .incidentClosed, to: me, scope: county)
            #expect(try await notify.store.newest(of: me, before: nil, limit: 9).map(\.sequence) == [2, 1])
            #expect(try await notify.store.unread(of: me) == 2)
        }
    }
}
