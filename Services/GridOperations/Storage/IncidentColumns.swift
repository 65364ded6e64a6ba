import Foundation
import Models
import Postgres
import ServiceKit

/// Incidents as rows of `grid.incidents`, both ways.
package enum IncidentColumns {
    /// The columns of an incident for a select list.
    static let list = """
        id, number, external_number, grid_code, function, function_is_provisional, title, description, longitude, latitude,
        source, urgency, state, reported_at, reporter_id, is_anonymous, is_historical, organisation, returned_by,
        handled_by, result, closed_at, version, rulebook, category, attributes, helpers, feedback_resolved,
        feedback_satisfaction, feedback_on, joined_to, state_before_join, members
        """

    /// Inserts one incident that has just been reported.
    ///
    /// A statement without arrays: it is the busiest of all.
    ///
    /// - Throws: when its attributes cannot be written.
    package static func insertion(_ incident: Incident) throws -> PostgresStatement {
        let report = incident.report
        let attributes = try text(incident.attributes)
        return """
            insert into grid.incidents (
                id, number, grid_code, function, function_is_provisional, title, description, longitude, latitude, source,
                urgency, state, reported_at, reporter_id, is_anonymous, is_historical, rulebook, category, attributes)
            values (
                \(incident.id.rawValue), \(incident.number), \(incident.gridCode.digits), \(report.function.rawValue),
                \(report.functionIsProvisional), \(report.title), \(report.description), \(report.position.longitude),
                \(report.position.latitude), \(report.source.rawValue), \(report.urgency.rawValue),
                \(incident.state.rawValue), \(report.reportedAt), \(report.reporterID?.rawValue), \(report.isAnonymous),
                false, \(incident.rulebook.map(Int32.init)), \(incident.category), \(attributes))
            """
    }

    /// Inserts what incidents are found by, or what they are found by now.
    package static func words(of incidents: [Incident]) -> PostgresStatement {
        let words = incidents.map { ($0.id.rawValue, $0.searchWords) }
        guard words.count != 1 else {
            return """
                insert into grid.incident_words (incident_id, words)
                values (\(words[0].0), array_to_tsvector(\(words[0].1)::text[]))
                on conflict (incident_id) do update set words = excluded.words
                """
        }
        // An array of arrays would need all of one length: the words of one incident are one text, parted by spaces.
        return PostgresStatement(
            """
            insert into grid.incident_words (incident_id, words)
            select w.id, array_to_tsvector(string_to_array(w.words, ' ')) from unnest($1::uuid[], $2::text[]) as w (id, words)
            on conflict (incident_id) do update set words = excluded.words
            """, [.uuidArray(words.map(\.0)), .textArray(words.map { $0.1.joined(separator: " ") })])
    }

    /// Inserts incidents of old sheets.
    static func historicalInsertion(_ incidents: [Incident]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.incidents (
                id, number, external_number, grid_code, function, title, description, longitude, latitude, source, urgency,
                reported_at, state, function_is_provisional, is_anonymous, is_historical)
            select i.*, 'reported', false, false, true
            from unnest(
                $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[],
                $9::float8[], $10::text[], $11::text[], $12::timestamptz[]) as i
            """, arrays(incidents))
    }

    /// Corrects incidents of old sheets, with the same values as `historicalInsertion`.
    static func historicalCorrection(_ incidents: [Incident]) -> PostgresStatement {
        PostgresStatement(
            """
            update grid.incidents i
            set grid_code = c.grid_code, function = c.function, title = c.title, description = c.description,
                longitude = c.longitude, latitude = c.latitude, source = c.source, urgency = c.urgency,
                reported_at = c.reported_at, version = i.version + 1
            from unnest(
                $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[],
                $9::float8[], $10::text[], $11::text[], $12::timestamptz[])
                as c (id, number, external_number, grid_code, function, title, description, longitude, latitude, source,
                      urgency, reported_at)
            where i.id = c.id
            """, arrays(incidents))
    }

    private static func arrays(_ incidents: [Incident]) -> [PostgresValue] {
        [
            .uuidArray(incidents.map(\.id.rawValue)), .textArray(incidents.map(\.number)),
            .textArray(incidents.map(\.report.externalNumber)), .textArray(incidents.map(\.gridCode.digits)),
            .textArray(incidents.map(\.report.function.rawValue)), .textArray(incidents.map(\.report.title)),
            .textArray(incidents.map(\.report.description)),
            .float8Array(incidents.map(\.report.position.longitude)),
            .float8Array(incidents.map(\.report.position.latitude)),
            .textArray(incidents.map(\.report.source.rawValue)), .textArray(incidents.map(\.report.urgency.rawValue)),
            .timestamptzArray(incidents.map(\.report.reportedAt)),
        ]
    }

    /// The answers to what a category asks as a JSON object; nil for none.
    private static func text(_ attributes: [String: String]) throws -> String? {
        attributes.isEmpty ? nil : String(decoding: try SuiteJSON.encode(attributes), as: UTF8.self)
    }

    /// Writes what orders can change.
    static func update(_ incident: Incident) throws -> PostgresStatement {
        let attributes = try text(incident.attributes)
        return """
            update grid.incidents
            set state = \(incident.state.rawValue), function = \(incident.report.function.rawValue),
                function_is_provisional = \(incident.report.functionIsProvisional), organisation = \(incident.organisation),
                returned_by = \(incident.returnedBy), handled_by = \(incident.handledBy?.rawValue),
                result = \(incident.result), closed_at = \(incident.closedAt), version = \(incident.version),
                category = \(incident.category), attributes = \(attributes), helpers = \(incident.helpers),
                feedback_resolved = \(incident.feedback?.resolved.rawValue),
                feedback_satisfaction = \(incident.feedback?.satisfaction.rawValue),
                feedback_on = \(incident.feedback?.on), joined_to = \(incident.joinedTo?.rawValue),
                state_before_join = \(incident.stateBeforeJoin?.rawValue), members = \(Int32(incident.members))
            where id = \(incident.id.rawValue)
            """
    }

    /// Adds a step to the incident's way.
    static func insertion(_ step: IncidentStep, of incident: IncidentID) -> PostgresStatement {
        """
        insert into grid.incident_steps (incident_id, version, action, actor_id, at, state, organisation, note)
        values (\(incident.rawValue), \(step.version), \(step.action.rawValue), \(step.actor.rawValue), \(step.at),
                \(step.state.rawValue), \(step.organisation), \(step.note))
        """
    }
}

extension Incident {
    /// Reads a row with the columns of `IncidentColumns.list`.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.identifier("id"), number: try row.decode("number"),
            gridCode: try row.gridCode("grid_code"), isHistorical: try row.decode("is_historical"),
            report: try IncidentReport(row))
        state = try row.word("state")
        version = Int(try row.decode("version", as: Int32.self))
        rulebook = try row.decodeIfPresent("rulebook", as: Int32.self).map(Int.init)
        category = try row.decodeIfPresent("category")
        attributes =
            try row.decodeIfPresent("attributes", as: String.self).map {
                try SuiteJSON.decode([String: String].self, from: Array($0.utf8))
            } ?? [:]
        organisation = try row.decodeIfPresent("organisation")
        returnedBy = try row.decode("returned_by")
        handledBy = try row.identifierIfPresent("handled_by")
        result = try row.decodeIfPresent("result")
        closedAt = try row.decodeIfPresent("closed_at", as: Date.self)?.wholeMilliseconds
        helpers = try row.decode("helpers")
        feedback = try IncidentFeedback(row)
        joinedTo = try row.identifierIfPresent("joined_to")
        stateBeforeJoin = try row.wordIfPresent("state_before_join")
        members = Int(try row.decode("members", as: Int32.self))
    }
}

extension IncidentFeedback {
    fileprivate init?(_ row: PostgresRow) throws {
        guard let resolved: Resolved = try row.wordIfPresent("feedback_resolved") else { return nil }
        self.init(
            resolved: resolved, satisfaction: try row.word("feedback_satisfaction"),
            on: try row.decode("feedback_on", as: Date.self).wholeMilliseconds)
    }
}

extension IncidentReport {
    fileprivate init(_ row: PostgresRow) throws {
        guard
            let position = Position(
                longitude: try row.decode("longitude"), latitude: try row.decode("latitude"))
        else { throw PostgresDecodingFailure(reason: "longitude or latitude is out of range") }
        self.init(
            externalNumber: try row.decodeIfPresent("external_number"), reportedAt: try row.decode("reported_at"),
            function: try row.word("function"), title: try row.decode("title"),
            description: try row.decode("description"), position: position, source: try row.word("source"),
            urgency: try row.word("urgency"))
        functionIsProvisional = try row.decode("function_is_provisional")
        reporterID = try row.identifierIfPresent("reporter_id")
        isAnonymous = try row.decode("is_anonymous")
    }
}

extension IncidentStep {
    /// Reads a row of `grid.incident_steps`.
    init(_ row: PostgresRow) throws {
        self.init(
            version: Int(try row.decode("version", as: Int32.self)), action: try row.word("action"),
            actor: try row.identifier("actor_id"), at: try row.decode("at", as: Date.self).wholeMilliseconds,
            state: try row.word("state"),
            organisation: try row.decodeIfPresent("organisation"), note: try row.decodeIfPresent("note"))
    }
}
