import Foundation
import Models
import Synchronization
import TalentRegistryService
import Testing

@Suite struct TalentUseCaseTests {
    /// A directory that remembers what it was told.
    private final class RememberingDirectory: DivisionDirectory {
        let known = Mutex<[[KnownDivision]]>([])
        func put(_ divisions: [KnownDivision]) async throws { known.withLock { $0.append(divisions) } }
    }

    /// A store that must not be asked.
    private struct UntouchedStore: TalentStore {
        func list(
            _ rows: [Numbered<TalentListing>], at time: Date,
            deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
        ) async throws -> [Numbered<RowOutcome>] {
            Issue.record("the store was asked although no row was sound")
            return []
        }

        func talents(within prefix: String, after position: TalentPosition?, limit: Int) async throws -> [TalentView] {
            []
        }
    }

    @Test func `the last fact about a division stands, and codes are in order`() async throws {
        let directory = RememberingDirectory()
        func facts(_ code: String, _ kind: CommunityKind) -> DivisionFacts {
            DivisionFacts(code: RegistryRows.division(code), name: "某社区", level: .community, kind: kind)
        }
        try await LearnDivisions(directory: directory)([
            facts("532923100002", .ruralCommunity), facts("532923100001", .administrativeVillage),
            facts("532923100002", .urbanCommunity),
        ])
        try await LearnDivisions(directory: directory)([])
        let expected = [
            KnownDivision(code: RegistryRows.division("532923100001"), kind: .administrativeVillage),
            KnownDivision(code: RegistryRows.division("532923100002"), kind: .urbanCommunity),
        ]
        #expect(directory.known.withLock { $0 } == [expected])
    }

    @Test func `rows without a sound one never reach the store`() async throws {
        let list = ListTalents(store: UntouchedStore(), now: { RegistryRows.now })
        let outcomes = try await list([Numbered(row: 2, RegistryRows.talent(3) { $0.name = nil })])
        #expect(outcomes.map(\.content) == [.rejected([.required("name")])])
    }

    @Test func `a day is counted in Shanghai`() throws {
        let before = try #require(RFC3339.parse("2021-07-31T15:59:59Z"))
        #expect(try CountyCalendar.day(of: before).description == "2021-07-31")
        #expect(try CountyCalendar.day(of: before.addingTimeInterval(1)).description == "2021-08-01")
        #expect(throws: CountyCalendar.BrokenClock.self) { try CountyCalendar.day(of: .distantPast) }
    }
}
