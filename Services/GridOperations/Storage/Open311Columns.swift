import Foundation
import Models
import Postgres
import ServiceKit

/// What came over Open311 as rows, both ways.
enum Open311Columns {
    /// Inserts how an incident came that is inserted in the same transaction.
    static func insertion(_ origin: Open311Origin, of incident: Incident) -> PostgresStatement {
        """
        insert into grid.open311_requests (
            incident_id, number, grid_code, key_id, requested_at, media_url, address, address_id)
        values (\(incident.id.rawValue), \(incident.number), \(incident.gridCode.digits), \(origin.key.rawValue),
                \(incident.report.reportedAt), \(origin.mediaURL), \(origin.address), \(origin.addressID))
        """
    }

    /// Tells of a change of state, of an incident that came over Open311; of any other there is nothing to write.
    static func update(of incident: Incident, at moment: Date) -> PostgresStatement {
        """
        insert into grid.open311_updates (incident_id, grid_code, at, state)
        select incident_id, grid_code, \(moment), \(incident.state.rawValue) from grid.open311_requests
        where incident_id = \(incident.id.rawValue)
        """
    }
}

extension Open311Origin {
    /// Reads columns of `grid.open311_requests`.
    init(_ row: PostgresRow) throws {
        self.init(
            key: try row.identifier("key_id"), mediaURL: try row.decodeIfPresent("media_url"),
            address: try row.decodeIfPresent("address"), addressID: try row.decodeIfPresent("address_id"))
    }
}

extension Open311Update {
    /// Reads columns of `grid.open311_updates`, with the incident's number.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.decode("id"), number: try row.decode("number"),
            at: try row.decode("at", as: Date.self).wholeMilliseconds, state: try row.word("state"),
            key: try row.identifierIfPresent("key_id"), description: try row.decodeIfPresent("description"),
            mediaURL: try row.decodeIfPresent("media_url"))
    }
}
