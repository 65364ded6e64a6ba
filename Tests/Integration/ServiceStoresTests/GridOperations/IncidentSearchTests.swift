import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Reports found by what is written in them.
@Suite(.timeLimit(.minutes(2))) struct IncidentSearchTests {
    private static let texts = [
        "井盖缺失", "盖井施工", "路灯不亮，井盖完好", "ＷｉＦｉ信号差", "wifi 坏了", "水管爆裂", "缺失井盖标志", "井。盖",
    ]

    /// All that is found, three on a page.
    private func found(
        _ text: String, in prefix: String = "", scope: ScopeFilter = .everything, _ database: GridDatabase,
        limit: Int = 3
    ) async throws -> [Incident] {
        let terms = try #require(SearchTerms(text))
        var all: [ListedIncident] = []
        while true {
            let page = try await database.lists(
                .search(terms, gridPrefix: prefix), scope: scope, after: all.last?.place, limit: limit)
            all += page
            if page.count < limit { return all.map(\.incident) }
        }
    }

    private func titles(_ text: String, _ database: GridDatabase) async throws -> Set<String> {
        Set(try await found(text, database).map(\.report.title))
    }

    @Test func `words of two Chinese signs are found where they stand, and nowhere else`() async throws {
        try await GridDatabase.withGrids { database in
            for (index, text) in Self.texts.enumerated() {
                _ = try await database.report()(GridRows.report(title: text), key: GridRows.key("k\(index)"))
            }
            #expect(try await titles("井盖", database) == ["井盖缺失", "路灯不亮，井盖完好", "缺失井盖标志"])
            #expect(try await titles("井盖缺失", database) == ["井盖缺失"])
            #expect(try await titles("缺失 井盖", database) == ["井盖缺失", "缺失井盖标志"])
            #expect(try await titles("WIFI", database) == ["ＷｉＦｉ信号差", "wifi 坏了"])
            #expect(try await titles("楼道", database).count == Self.texts.count)
            #expect(try await titles("没有", database).isEmpty)
        }
    }

    @Test func `whatever is looked for, all that has it is found once, the newest first, over years`() async throws {
        try await GridDatabase.withGrids { database in
            // Some in the last hours, many in one week long ago, and one here and there over six years.
            let rows = GridRows.incidents(0..<900, title: "井盖缺失").enumerated().map { index, row in
                let age =
                    index < 20 ? Double(index) * 1800 : index < 600 ? 2e7 + Double(index) * 400 : Double(index) * 2e5
                var draft = row.content
                draft.reportedAt = GridDatabase.moment.addingTimeInterval(-age - 1)
                if index % 7 == 0 { draft.title = "路灯不亮" }
                if index % 100 == 3 { draft.description = "水管爆裂" }
                return Numbered(row: row.row, draft)
            }
            let outcomes = try await database.importIncidents(rows)
            #expect(outcomes.tally == ["accepted": 900])
            for (text, isThere): (String, (Int) -> Bool) in [
                ("井盖", { $0 % 7 != 0 }), ("路灯", { $0 % 7 == 0 }), ("水管", { $0 % 100 == 3 }),
                ("爆裂 井盖", { $0 % 100 == 3 && $0 % 7 != 0 }),
            ] {
                let all = try await found(text, database, limit: 40)
                #expect(all.count == (0..<900).count(where: isThere), "\(text)")
                #expect(Set(all.map(\.id)).count == all.count)
                #expect(all.map { $0.id.description } == all.map { $0.id.description }.sorted(by: >), "\(text)")
            }
        }
    }

    @Test func `only what lies in the scope and in the place asked for is found, and one's own reports`() async throws {
        try await GridDatabase.withGrids { database in
            let own = PersonID.new()
            for (index, x) in [5.0, 15, 25].enumerated() {
                var draft = GridRows.report(x: x, title: "井盖\(index)号")
                if index == 2 { draft.reporterID = own.description }
                _ = try await database.report()(draft, key: GridRows.key("k\(index)"))
            }
            func titles(_ prefix: String, _ scope: ScopeFilter) async throws -> [String] {
                try await found("井盖", in: prefix, scope: scope, database).map(\.report.title).sorted()
            }
            let first = ScopeFilter([.division(try #require(DivisionPrefix("532923100001001")))])
            #expect(try await titles("", .everything).count == 3)
            #expect(try await titles("53292310000100", .everything).count == 3)
            #expect(try await titles("532923100001002", .everything) == ["井盖2号"])
            #expect(try await titles("", first) == ["井盖0号", "井盖1号"])
            #expect(try await titles("53292310000100101", first) == ["井盖0号"])
            #expect(try await titles("532923100001002", first).isEmpty)
            #expect(try await titles("", .nothing).isEmpty)
            #expect(try await titles("", ScopeFilter([.own], subject: own.description)) == ["井盖2号"])
            // The second fence alone shows no more.
            let fenced = try await RowScope.with(first) { try await titles("", .everything) }
            #expect(fenced == ["井盖0号", "井盖1号"])
        }
    }

    @Test func `a corrected row is found by what it says now`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.importIncidents(GridRows.incidents(0..<3, title: "井盖缺失"))
            _ = try await database.importIncidents(GridRows.incidents(0..<1, title: "路灯不亮"))
            #expect(try await found("井盖", database).count == 2)
            #expect(try await found("路灯", database).count == 1)
        }
    }

    @Test func `the service and the database cut texts alike`() async throws {
        try await GridDatabase.withGrids { database in
            var random = SystemRandomNumberGenerator()
            let signs = Array("井盖缺失，。！？“”（）〇々　 ＡｂＣ０９abcXYZ-_/\\'\"|&:*·…—①㎡㈱ﬁé한글𠀀🚲\n\t~`^[]{}<>")
            for _ in 0..<60 {
                let text = String((0..<40).map { _ in signs.randomElement(using: &random) ?? "井" })
                let row = try #require(
                    try await database.pool.query(
                        """
                        select grid.search_text(\(text)) as folded,
                               array(select distinct unnest(grid.sign_pairs(\(text)))) as pairs
                        """
                    ).rows.first)
                #expect(try row.decode("folded", as: String.self) == SearchText.folded(text), "\(text)")
                #expect(try Set(row.decode("pairs", as: [String].self)) == SearchText.pairs(SearchText.folded(text)))
            }
            let incident = try await database.report()(GridRows.report(title: "井盖‘缺失’"), key: GridRows.key("a"))
            let same = try await database.number(
                """
                select count(*) from grid.incidents i join grid.incident_words w on w.incident_id = i.id
                where w.words = grid.incident_words(i.id, i.grid_code, i.title, i.description)
                """)
            #expect(same == 1 && incident.searchWords.contains("g:53292310000100101"))
        }
    }
}
