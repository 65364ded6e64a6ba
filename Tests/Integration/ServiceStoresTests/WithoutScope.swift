import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import Models
import NotificationsService
import TalentRegistryService

// Tests that are not about scopes ask as the service itself, which sees everything. Programs must always say a scope.

extension RegisterDivisions {
    func callAsFunction(_ rows: [Numbered<DivisionDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension RegisterGrids {
    func callAsFunction(_ rows: [Numbered<GridDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension StaffGrids {
    func callAsFunction(_ rows: [Numbered<AssignmentDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension ImportIncidents {
    func callAsFunction(_ rows: [Numbered<IncidentDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension ReportIncident {
    func callAsFunction(_ draft: IncidentDraft, key: IdempotencyKey) async throws -> Incident {
        try await self(draft, key: key, scope: .everything)
    }
}

extension HandleIncident {
    func callAsFunction(
        _ action: IncidentAction, on id: IncidentID, _ draft: IncidentCommandDraft, ifVersion version: Int?
    ) async throws -> Incident {
        try await self(action, on: id, draft, ifVersion: version, scope: .everything)
    }
}

extension EndGridAssignment {
    func callAsFunction(_ assignment: GridAssignmentID) async throws -> Bool {
        try await self(assignment, scope: .everything)
    }
}

extension PostgresDivisionStore {
    func list(prefix: String, after: String?, limit: Int) async throws -> [Division] {
        try await list(prefix: prefix, scope: .everything, after: after, limit: limit)
    }
}

extension PostgresGridStore {
    /// Grids in force on the day of `GridDatabase.moment`.
    func list(prefix: String, level: GridLevel?, after: String?, limit: Int) async throws -> [Grid] {
        let day = try CountyCalendar.day(of: GridDatabase.moment)
        return try await list(prefix: prefix, level: level, on: day, scope: .everything, after: after, limit: limit)
            .map(\.grid)
    }

    func find(_ code: GridCode) async throws -> Grid? { try await find(code, scope: .everything)?.grid }
}

extension PostgresGridAssignmentStore {
    func list(in grid: GridCode, on day: CalendarDay? = nil) async throws -> [GridAssignment] {
        try await list(
            in: grid, on: day, today: try CountyCalendar.day(of: GridDatabase.moment), scope: .everything)
    }

    func end(_ assignment: GridAssignmentID, at moment: Date) async throws -> Bool {
        try await end(assignment, scope: .everything, at: moment)
    }
}

extension PostgresIncidentStore {
    func find(_ id: IncidentID) async throws -> IncidentRecord? {
        try await find(id, scope: .everything)
    }

    func list(_ filter: IncidentFilter, before: IncidentID?, limit: Int) async throws -> [Incident] {
        try await list(filter, scope: .everything, before: before, limit: limit)
    }
}

extension RegisterPartyOrganisations {
    func callAsFunction(_ rows: [Numbered<PartyOrganisationDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension ReportMemberCounts {
    func callAsFunction(_ rows: [Numbered<MemberCountDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension ListTalents {
    func callAsFunction(_ rows: [Numbered<TalentDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension PostgresPartyOrganisationStore {
    func organisations(
        within prefix: String, after position: PartyOrganisationPosition?, limit: Int
    ) async throws -> [PartyOrganisationView] {
        try await organisations(within: prefix, scope: .everything, after: position, limit: limit)
    }
}

extension PostgresTalentStore {
    func talents(within prefix: String, after position: TalentPosition?, limit: Int) async throws -> [TalentView] {
        try await talents(within: prefix, scope: .everything, after: position, limit: limit)
    }
}

extension EnrolUnits {
    func callAsFunction(_ rows: [Numbered<UnitDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension ActivatePairings {
    func callAsFunction(_ rows: [Numbered<PairingDraft>]) async throws -> [Numbered<RowOutcome>] {
        try await self(rows, scope: .everything)
    }
}

extension PostgresUnitStore {
    func units(after code: String?, limit: Int) async throws -> [UnitView] {
        try await units(scope: .everything, after: code, limit: limit)
    }
}

extension PostgresPairingStore {
    func pairings(
        within prefix: String, of unit: UnifiedSocialCreditCode?, after position: PairingPosition?, limit: Int
    ) async throws -> [Pairing] {
        try await pairings(within: prefix, of: unit, scope: .everything, after: position, limit: limit)
    }
}

extension PostgresInboxStore {
    func newest(
        of person: PersonID, in box: InboxBox = .inbox, before sequence: Int64?, limit: Int,
        at moment: Date = NotificationsDatabase.moment
    ) async throws -> [Delivery] {
        try await newest(of: person, in: box, scope: .everything, before: sequence, limit: limit, at: moment)
    }

    func following(_ sequence: Int64, of person: PersonID, limit: Int) async throws -> [Delivery] {
        try await following(sequence, of: person, scope: .everything, limit: limit)
    }

    func unread(of person: PersonID) async throws -> Int { try await unread(of: person, scope: .everything) }

    func markRead(_ sequence: Int64, of person: PersonID, at moment: Date) async throws -> Bool {
        try await sort(sequence, of: person, .read, at: moment)
    }

    func sort(_ sequence: Int64, of person: PersonID, _ act: InboxAct, at moment: Date) async throws -> Bool {
        try await sort(sequence, of: person, act, scope: .everything, at: moment)
    }

    func unstaffedAreas(after last: (code: String, audience: String)?, limit: Int) async throws -> [UnstaffedArea] {
        try await unstaffedAreas(scope: .everything, after: last, limit: limit)
    }
}
