import GridOperationsService
import Models
import TalentRegistryService

// Tests that are not about scopes ask as the service itself, which sees everything. Programs must always say a scope.

extension HistoricalIntake {
    init(_ rows: [Numbered<PlacedReport>], known: [String: Incident]) {
        self.init(rows, known: known, scope: .everything)
    }
}

extension PartyOrganisationDirectory {
    mutating func register(_ rows: [Numbered<PartyOrganisation>]) -> Plan { register(rows, scope: .everything) }
}

extension TalentLedger {
    func list(_ rows: [Numbered<TalentListing>]) -> Plan { list(rows, scope: .everything) }
}

extension RegisterDivisions {
    func callAsFunction(_ rows: [Numbered<DivisionDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}
