import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// Lists of incidents by person, organisation and deadline, their map, and the indexes that they walk along.
@Suite(.timeLimit(.minutes(2))) struct IncidentListTests {
    private func ids(
        _ query: IncidentQuery, scope: ScopeFilter = .everything, _ database: GridDatabase
    ) async throws -> [IncidentID] {
        var all: [ListedIncident] = []
        while true {
            let page = try await database.lists(query, scope: scope, after: all.last?.place, limit: 2)
            all += page
            if page.count < 2 { return all.map(\.incident.id) }
        }
    }

    @Test func `what a person handled, what he reported, what lies with an organisation, and what is due`() async throws
    {
        try await GridDatabase.withGrids { database in
            let (worker, own) = (PersonID.new(), PersonID.new())
            var reports: [IncidentID] = []
            for index in 0..<5 {
                var draft = GridRows.report(x: Double(index * 7) + 1)
                draft.urgency = index == 3 ? "emergency" : "ordinary"
                draft.reporterID = index % 2 == 0 ? own.description : nil
                let moment = GridDatabase.moment.addingTimeInterval(Double(index))
                reports.append(try await database.report(at: moment)(draft, key: GridRows.key("k\(index)")).id)
            }
            func give(_ action: IncidentAction, _ index: Int, _ draft: IncidentCommandDraft) async throws {
                _ = try await database.handle(at: GridDatabase.moment.addingTimeInterval(60))(
                    action, on: reports[index], draft, ifVersion: nil)
            }
            let actor = worker.description
            for index in [0, 1, 2] {
                try await give(
                    .file, index, IncidentCommandDraft(actor: actor, function: GridFunction.disputeMediation.rawValue))
            }
            try await give(.selfHandle, 0, IncidentCommandDraft(actor: actor, result: "已处理"))
            try await give(.dispatch, 1, IncidentCommandDraft(actor: actor, organisation: "O1"))
            try await give(.dispatch, 2, IncidentCommandDraft(actor: actor, organisation: "O1"))
            try await give(.accept, 2, IncidentCommandDraft(actor: actor, organisation: "O1"))

            #expect(try await ids(.handled(by: worker), database) == [reports[0]])
            #expect(try await ids(.reported(by: own), database) == [reports[4], reports[2], reports[0]])
            #expect(try await ids(.lying(with: "O1"), database) == [reports[2], reports[1]])
            #expect(try await ids(.lying(with: "O2"), database).isEmpty)
            // The emergency is due first; the clock of what is handled stands.
            let due = try await ids(.due(.all, gridPrefix: ""), database)
            #expect(due.first == reports[3] && Set(due) == Set([1, 2, 3, 4].map { reports[$0] }) && due.count == 4)
            let later = GridDatabase.moment.addingTimeInterval(3600)
            let overdue = try await database.lists(at: later)(
                .due(.overdue, gridPrefix: ""), scope: .everything, after: nil, limit: 9)
            #expect(overdue.map(\.incident.id) == [reports[3]] && overdue.first?.clock?.kind == .response)
            let second = ScopeFilter([.division(try #require(DivisionPrefix("532923100001002")))])
            let inSecond = try await ids(.due(.all, gridPrefix: ""), scope: second, database)
            #expect(Set(inSecond) == [reports[3], reports[4]])
            #expect(try await ids(.lying(with: "O1"), scope: second, database).isEmpty)
        }
    }

    @Test func `the map counts open incidents by cells, within box and scope`() async throws {
        try await GridDatabase.withGrids { database in
            for (index, x) in [1.0, 1.1, 1.2, 35].enumerated() {
                _ = try await database.report()(GridRows.report(x: x), key: GridRows.key("k\(index)"))
            }
            let map = MapIncidents(store: PostgresIncidentMap(pool: database.pool))
            let box = try #require(MapBox("100.4,25.3,100.6,25.5"))
            let zoom = try #require(MapZoom(14))
            let clusters = try await map(in: box, zoom: zoom, scope: .everything)
            #expect(clusters.map(\.count) == [3, 1])
            #expect(abs((clusters.first?.longitude ?? 0) - 100.5011) < 1e-6 && clusters.first?.incident == nil)
            #expect(clusters.last?.incident != nil)
            let second = ScopeFilter([.division(try #require(DivisionPrefix("532923100001002")))])
            #expect(try await map(in: box, zoom: zoom, scope: second).map(\.count) == [1])
            #expect(try await map(in: box, zoom: zoom, scope: .nothing).isEmpty)
            let west = try #require(MapBox("100.4,25.3,100.51,25.5"))
            #expect(try await map(in: west, zoom: zoom, scope: .everything).map(\.count) == [3])
        }
    }

    @Test func `each list goes along its index, as the role that runs the service`() async throws {
        try await TestDatabase.with(named: "lists", extensions: ["postgis"]) { superuser in
            let database = try await superuser.migrated(.gridOperations, GridOperations.migrations)
            let owner = try await PostgresConnection.connect(superuser.configuration)
            try await owner.script(StoredIncidents.layout + StoredIncidents.filling(8000), timeout: .seconds(60))
            for statement in StoredIncidents.counting { try await owner.script(statement, timeout: .seconds(60)) }
            await owner.close()
            let connection = try await PostgresConnection.connect(database.configuration)
            for (scope, query, index) in try Self.walks() {
                for statement in PostgresIncidentLists.statements(
                    query, scope: scope, after: nil, at: Date(), limit: 51)
                {
                    let plan = try await Self.plan(statement, scope, connection)
                    #expect(plan.contains(index), "\(query): \(plan)")
                    for table in ["incidents", "incident_words", "clocks"] {
                        #expect(!plan.contains("Seq Scan on \(table) "), "\(query): \(plan)")
                    }
                }
            }
            let town = ScopeFilter([.division(try #require(DivisionPrefix(StoredIncidents.town)))])
            let box = try #require(MapBox("100.0,25.0,100.1,25.1"))
            let plan = try await Self.plan(
                PostgresIncidentMap.statement(in: box, cell: 0.01, scope: town), town, connection)
            #expect(plan.contains("Index Only Scan using incidents_open_place_idx"), "\(plan)")
            await connection.close()
        }
    }

    /// Every list with the scope of those who ask for it, and the index that it goes along.
    private static func walks() throws -> [(ScopeFilter, IncidentQuery, String)] {
        let town = ScopeFilter([.division(try #require(DivisionPrefix(StoredIncidents.town)))])
        let community = ScopeFilter([.division(try #require(DivisionPrefix(StoredIncidents.community)))])
        let handler = try #require(PersonID(StoredIncidents.handler))
        let reporter = try #require(PersonID(StoredIncidents.reporter))
        let own = ScopeFilter([.own], subject: reporter.description)
        let words = try #require(SearchTerms("井盖缺失"))
        return [
            (town, .filed(IncidentFilter()), "incidents_pkey"),
            (town, .filed(IncidentFilter(state: .rejected)), "incidents_grid_code_state_id_idx"),
            (community, .filed(IncidentFilter()), "incidents_grid_code_state_id_idx"),
            (
                community, .filed(IncidentFilter(gridPrefix: StoredIncidents.area, state: .closed)),
                "incidents_grid_code_state_id_idx"
            ),
            (community, .handled(by: handler), "incidents_handled_by_id_idx"),
            (own, .reported(by: reporter), "incidents_reporter_id_idx"),
            (town, .lying(with: StoredIncidents.organisation), "incidents_organisation_id_idx"),
            (town, .due(.overdue, gridPrefix: ""), "clocks_grid_code_due_at_idx"),
            (community, .due(.all, gridPrefix: StoredIncidents.area), "clocks_grid_code_due_at_idx"),
            (town, .search(words, gridPrefix: ""), "incident_words_words_idx"),
            (community, .search(words, gridPrefix: StoredIncidents.area), "incident_words_words_idx"),
        ]
    }

    private static func plan(
        _ statement: PostgresStatement, _ scope: ScopeFilter, _ connection: PostgresConnection
    ) async throws -> String {
        try await RowScope.with(scope) {
            try await connection.query(
                PostgresStatement("explain (costs off) " + statement.sql, statement.parameters)
            ).rows.map { try $0.decode(at: 0, as: String.self) }.joined(separator: "\n")
        }
    }

    @Test func `over HTTP each list is asked for by itself`() async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            try await service.superuser.run(StoredIncidents.layout)
            let report = """
                {"function":"emergencyManagement","title":"井盖缺失","description":"夜间危险","longitude":100.001,
                 "latitude":25.021,"source":"resident","urgency":"ordinary"}
                """
            let (desk, community) = (PersonID.new().description, StoredIncidents.community)
            for _ in 0..<3 {
                let made = try await service.ask(
                    "POST", "/v1/incidents", as: .communityDesk, community, body: report,
                    headers: ["idempotency-key": UUID().uuidString])
                #expect(made.status == 201, "\(made.body)")
            }
            func ask(_ query: String) async throws -> ServedService.Answer {
                try await service.ask(
                    "GET", "/v1/incidents?\(query)", as: .communityDesk, community, subject: desk)
            }
            for query in ["q=%E4%BA%95%E7%9B%96&limit=2", "due=all&limit=2"] {
                let first = try await ask(query)
                #expect(
                    first.status == 200 && first.body.components(separatedBy: "\"number\"").count == 3, "\(first.body)")
                let next = try #require(first.body.firstMatch(of: /"next":"([^"]+)"/)?.1)
                let second = try await ask("\(query)&cursor=\(next)")
                #expect(second.status == 200 && second.body.components(separatedBy: "\"number\"").count == 2)
            }
            #expect(try await ask("due=all").body.contains("\"dueAt\""))
            for query in ["mine=handled", "mine=reported", "organisation=O1", "due=overdue&grid=\(community)"] {
                let answer = try await ask(query)
                #expect(answer.status == 200 && answer.body == "{\"items\":[]}", "\(query): \(answer.body)")
            }
            for query in [
                "q=%E4%BA%95", "q=ab&due=all", "mine=handled&state=closed", "organisation=O1&grid=532923", "due=never",
                "mine=others", "q=ab&state=closed", "due=all&cursor=WyJ4Il0",
            ] {
                #expect(try await ask(query).status == 400, "\(query)")
            }
            let map = try await service.ask(
                "GET", "/v1/incident-map?box=100,25,100.1,25.1&zoom=14", as: .communityDesk, community)
            #expect(map.status == 200 && map.body.contains("\"count\":3"), "\(map.body)")
            let empty = try await service.ask(
                "GET", "/v1/incident-map?box=100,25,100.1,25.1", as: .communityDesk, "532923100102")
            #expect(empty.status == 200 && empty.body.contains("\"count\":0"))
            for query in ["", "?box=1,2", "?box=1,2,3,4&zoom=99"] {
                let answer = try await service.ask("GET", "/v1/incident-map\(query)", as: .communityDesk, community)
                #expect(answer.status == 400, "\(query)")
            }
        }
    }
}
