import Foundation
import Models
import TalentRegistryService
import Testing

@Suite struct TalentUseCaseTests {
    /// A store that must not be asked.
    private struct UntouchedStore: TalentStore {
        func list(
            _ rows: [Numbered<TalentListing>], at time: Date,
            deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
        ) async throws -> [Numbered<RowOutcome>] {
            Issue.record("the store was asked although no row was sound")
            return []
        }

        func talents(
            within prefix: String, scope: ScopeFilter, after position: TalentPosition?, limit: Int
        ) async throws -> [TalentView] { [] }
    }

    @Test func `rows without a sound one never reach the store`() async throws {
        let list = ListTalents(store: UntouchedStore(), now: { RegistryRows.now })
        let outcomes = try await list(
            [Numbered(row: 2, RegistryRows.talent(3) { $0.name = nil })], scope: .everything)
        #expect(outcomes.map(\.content) == [.rejected([.required("name")])])
    }
}
