import Models
import Postgres
import ServiceKit

/// Reads the people of grids one by one in PostgreSQL.
package struct PostgresGridPeople: GridPeople {
    private let ledger: UnmaskLedger
    private let people: EncryptedPeople

    /// Makes it over the unmask ledger of the database and the cipher of personal fields.
    package init(ledger: UnmaskLedger, cipher: any FieldCipher) {
        self.ledger = ledger
        people = EncryptedPeople(cipher: cipher)
    }

    package func unmask(
        _ assignment: GridAssignmentID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await ledger.unmask(
            UnmaskLedger.Object("grid-assignment", id: assignment.description), order,
            reading: """
                select p.name_encrypted, p.mobile_encrypted, a.grid_code as division_code
                from grid.assignments a join grid.people p on p.id = a.person_id
                where a.id = \(assignment.rawValue) and a.ended_at is null and \(scope: scope, on: "a.grid_code")
                """
        ) { [people] row in
            let details = try people.details(row)
            return UnmaskedPerson(name: details.name, mobile: details.mobile)
        }
    }
}
