import Testing

/// Every rule against a small tree that breaks it and one that keeps it: a rule that cannot fail would prove nothing.
struct RuleTests {
    /// A rule with what it must find.
    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var rule: @Sendable (SourceTree) -> [String]
        var path: String
        var broken: String
        var kept: String

        init(
            _ name: String, _ rule: @escaping @Sendable (SourceTree) -> [String], _ path: String, broken: String,
            kept: String
        ) {
            self.name = name
            self.rule = rule
            self.path = path
            self.broken = broken
            self.kept = kept
        }

        var testDescription: String { "\(name), \(path)" }
    }

    private static let grid = "Services/GridOperations"

    private static let examples: [Example] = [
        Example(
            "imports", RoomRules.imports, "\(grid)/Domain/A.swift", broken: "import Postgres", kept: "import Models"),
        Example(
            "imports", RoomRules.imports, "\(grid)/Domain/A.swift", broken: "import Logging", kept: "import Foundation"),
        Example(
            "imports", RoomRules.imports, "\(grid)/UseCases/A.swift", broken: "import Hummingbird",
            kept: "import Models"),
        Example(
            "imports", RoomRules.imports, "\(grid)/HTTP/A.swift", broken: "package import Postgres",
            kept: "import ServiceKit"),
        Example(
            "imports", RoomRules.imports, "\(grid)/Events/A.swift", broken: "import Hummingbird",
            kept: "import Messaging"),
        Example(
            "imports", RoomRules.imports, "\(grid)/Storage/A.swift", broken: "import Kafka", kept: "// import Kafka"),
        Example(
            "imports", RoomRules.imports, "Services/Notifications/Channels/A.swift", broken: "import Postgres",
            kept: "import Mail"),
        Example(
            "imports", RoomRules.imports, "\(grid)/Main/Main.swift", broken: "import Models",
            kept: "import GridOperationsService"),
        Example(
            "services", RoomRules.services, "\(grid)/App/A.swift", broken: "import NotificationsService",
            kept: "import ServiceKit"),
        Example(
            "services", RoomRules.services, "Services/Operator/Client/A.swift", broken: "import Postgres",
            kept: "import Messaging"),
        Example(
            "shared", RoomRules.sharedModules, "Shared/Models/A.swift", broken: "import Logging",
            kept: "import Foundation"),
        Example(
            "shared", RoomRules.sharedModules, "Shared/Kafka/A.swift", broken: "import Messaging",
            kept: "import CRdkafka"),
        Example(
            "libraries", RoomRules.libraries, "Shared/Messaging/A.swift", broken: "import CLibpq",
            kept: "import Postgres"),
        Example(
            "libraries", RoomRules.libraries, "Tests/Support/A.swift", broken: "import CRdkafka", kept: "import Kafka"),
        Example(
            "drivers", RoomRules.drivers, "Shared/Kafka/A.swift", broken: "func a(_ outbox: Outbox) {}",
            kept: "func a(_ topic: KafkaTopic) {}"),
        Example(
            "SQL", RoomRules.sql, "\(grid)/HTTP/A.swift", broken: "let a = \"select a from b\"",
            kept: "let a = \"select one of the list\" // select a from b"),
        Example(
            "SQL", RoomRules.sql, "\(grid)/Events/A.swift",
            broken: "let a = \"\"\"\n    insert into\n    b values (1)\n    \"\"\"", kept: "let a = \"inserted into b\""
        ),
        Example(
            "SQL", RoomRules.sql, "Shared/ServiceKit/A.swift", broken: "\"Update grid.grids SET a = 1\"",
            kept: "\"update it\""),
        Example(
            "READMEs", ShapeRules.readmes, "\(grid)/README.md",
            broken: "# Grid\n\nWhat.\n\n## Routes\n## Tables\n## Topics\n## Settings\n",
            kept: "# Grid\n\nWhat.\n\n## Routes\n## Topics\n## Tables (schema `grid`)\n## Settings\n## More\n"),
        Example(
            "READMEs", ShapeRules.readmes, "\(grid)/README.md",
            broken: "# Grid\n\n## Routes\n## Topics\n## Tables\n## Settings\n",
            kept: "# Grid\nWhat.\n## Routes\n## Topics\n## Tables\n## Settings\n"),
        Example(
            "migrations", ShapeRules.migrations, "\(grid)/Migrations/0001_create_grids.sql",
            broken: "create table a ();", kept: "-- Why.\n"),
        Example(
            "images", ShapeRules.images, "docker-compose.yml", broken: "    image: postgis/postgis:latest",
            kept: "    image: postgis/postgis:15-3.4"),
        Example(
            "images", ShapeRules.images, "deploy/docker/Dockerfile", broken: "FROM debian",
            kept: "FROM debian:12 AS build\nFROM build"),
        Example("paths", ShapeRules.paths, "deploy/a.sh", broken: "cd /" + "work/main", kept: "curl /v1/" + "work/1"),
        Example("paths", ShapeRules.paths, "Shared/Docs/A.md", broken: "`/" + "home/me/x`", kept: "`~/x`"),
        Example(
            "calls", CodeRules.forbiddenCalls, "Shared/Kafka/A.swift", broken: "    fatalError(\"x\")",
            kept: "    handle.fatalError(operation: \"x\")\n    func fatalError(a: Int) {}"),
        Example(
            "calls", CodeRules.forbiddenCalls, "\(grid)/App/A.swift", broken: "    print(1)",
            kept: "    // print(1)\n    let a = \"print(1)\"\n    paper.print(1)"),
        Example(
            "calls", CodeRules.forbiddenCalls, "\(grid)/App/A.swift", broken: "let a = try! b()",
            kept: "let a = try b()"),
        Example(
            "calls", CodeRules.forbiddenCalls, "\(grid)/App/A.swift", broken: "let a = b as! C", kept: "let a = b as C"),
        Example(
            "calls", CodeRules.forbiddenCalls, "Services/Operator/Commands/A.swift", broken: "print(1)",
            kept: "console.line(1)"),
        Example(
            "leftovers", CodeRules.leftovers, "Shared/Kafka/A.swift", broken: "// TO" + "DO: later",
            kept: "// The to-do list"),
        Example(
            "failures", CodeRules.silentFailures, "Shared/Kafka/A.swift", broken: "\nlet a = try? b()",
            kept: "let e = entry?.f\n// It may be gone.\nlet a = try? b()\nlet c = try? d()  // As above."),
        Example(
            "unchecked", CodeRules.unchecked, "Shared/Kafka/A.swift",
            broken: "/// A thing.\nfinal class A: @unchecked Sendable {}",
            kept:
                "/// Invariant: one thread.\nfinal class A: @unchecked Sendable {}\n/// `@unchecked Sendable`: one thread.\nfinal class B: @unchecked Sendable {}"
        ),
        Example(
            "unchecked", CodeRules.unchecked, "Shared/Kafka/A.swift",
            broken: "// Invariant: far away.\n\nnonisolated(unsafe) var a = 1",
            kept:
                "nonisolated(unsafe) let a = 1  // Invariant: never written.\nstruct B: @unchecked Sendable {\n    // Invariant: under the lock."
        ),
        Example(
            "documentation", CodeRules.documentation, "Shared/Kafka/A.swift", broken: "package struct A {}",
            kept: "/// A.\npackage struct A {\n    package init() {}\n    package var description: String { \"\" }\n}"),
        Example(
            "documentation", CodeRules.documentation, "Shared/Kafka/A.swift",
            broken: "    package init(a: Int, b c: [Int: Int]) {}",
            kept: "    /// A.\n    @discardableResult\n    package init(a: Int, b c: [Int: Int]) {}"),
        Example(
            "documentation", CodeRules.documentation, "Shared/Kafka/A.swift", broken: "    package static func a() {}",
            kept: "    static func a() {}"),
        Example(
            "documentation", CodeRules.documentation, "\(grid)/Domain/A.swift",
            broken: "package struct A {\n    package var b = 1\n}",
            kept: "/// A.\npackage struct A {\n    package var b = 1\n}"),
        Example(
            "documentation", CodeRules.documentation, "Shared/Kafka/A.swift",
            broken: "/// P.\npackage protocol P {\n    /// A.\n    func a()\n}\npackage func b() {}",
            kept:
                "/// P.\npackage protocol P {\n    /// A.\n    func a(\n        b: Int)\n    /// I.\n    init(c: Int)\n}\nextension X: P {\n    package func a() {}\n    package init(c: Int) {}\n}"
        ),
    ]

    @Test(arguments: examples)
    func `a rule finds what breaks it and lets pass what keeps it`(example: Example) {
        #expect(!example.rule(SourceTree([example.path: example.broken])).isEmpty)
        #expect(example.rule(SourceTree([example.path: example.kept])) == [])
    }

    private let rooms = [
        "\(grid)/Main/Main.swift": "", "\(grid)/App/GridOperations.swift": "", "\(grid)/HTTP/A.swift": "",
        "\(grid)/UseCases/B.swift": "", "\(grid)/Domain/C.swift": "", "\(grid)/Storage/D.swift": "",
        "\(grid)/Migrations/0001_create_grids.sql": "-- Why.", "\(grid)/README.md": "", "\(grid)/openapi.yaml": "",
    ]

    private func tree(_ changes: [String: String?]) -> SourceTree {
        var texts = rooms
        for (path, text) in changes { texts[path] = text }
        return SourceTree(texts)
    }

    @Test func `a room too many or too few is found, Events may be absent`() {
        #expect(ShapeRules.rooms(tree([:])) == [])
        #expect(ShapeRules.rooms(tree(["\(Self.grid)/Events/E.swift": ""])) == [])
        #expect(ShapeRules.rooms(tree(["\(Self.grid)/Helpers/E.swift": ""])) == ["\(Self.grid): Helpers is no room"])
        #expect(ShapeRules.rooms(tree(["\(Self.grid)/Domain/C.swift": nil])) == ["\(Self.grid): Domain is missing"])
        #expect(ShapeRules.rooms(tree(["\(Self.grid)/Migrations/A.swift": ""])).count == 1)
    }

    @Test func `a kind of problem that is not listed, not made or made up elsewhere is found`() {
        func violations(list: String, use: String) -> [String] {
            ProblemRules.kinds(
                SourceTree([
                    "Shared/ServiceKit/Problems/ProblemKinds.swift":
                        "static let common: [ProblemKind] = [\(list)]\nstatic let away = ProblemKind(404, \"away\")",
                    "\(Self.grid)/HTTP/A.swift": use,
                ]))
        }
        #expect(violations(list: ".away", use: "throw Problem(\n    .away, detail: x)") == [])
        #expect(violations(list: ".away", use: "throw Problem.conflict(.away, x)") == [])
        #expect(violations(list: "", use: "throw Problem(.away)").count == 1)
        #expect(violations(list: ".away", use: "").count == 1)
        #expect(violations(list: ".away", use: "throw Problem(.away); throw Problem(.other)").count == 1)
        #expect(violations(list: ".away", use: "throw Problem(.away); let x = ProblemKind(409, y)").count == 1)
    }

    @Test func `a type named against the arrow is found, also in an interpolation, and not in a comment`() {
        func violations(_ path: String, _ code: String) -> [String] {
            RoomRules.typeNames(
                tree([
                    "\(Self.grid)/Storage/D.swift": "package final class PostgresGrids {}",
                    "\(Self.grid)/HTTP/A.swift": "struct GridBody {}",
                    "\(Self.grid)/UseCases/B.swift": "protocol GridStore {}",
                    "\(Self.grid)/Domain/C.swift": "enum Grid {}\nprivate struct Hidden {}",
                    "\(Self.grid)/\(path)": code,
                ]))
        }
        #expect(
            violations("HTTP/E.swift", "let a = PostgresGrids()") == [
                "\(Self.grid)/HTTP/E.swift: HTTP names PostgresGrids of Storage"
            ])
        #expect(violations("UseCases/E.swift", "let a: PostgresGrids").count == 1)
        #expect(violations("Domain/E.swift", "let a: any GridStore").count == 1)
        #expect(violations("Storage/E.swift", "let a = GridBody()").count == 1)
        #expect(violations("Domain/E.swift", "let a = \"x \\(GridBody.self) y\"").count == 1)
        #expect(violations("Domain/E.swift", "// GridBody\n/* GridStore */ let a = \"PostgresGrids\"").isEmpty)
        #expect(violations("HTTP/E.swift", "let a: any GridStore; let b: Grid").isEmpty)
        #expect(violations("App/E.swift", "let a = PostgresGrids(); let b: GridBody").isEmpty)
        #expect(violations("Storage/E.swift", "struct Hidden {}").isEmpty)
    }

    @Test func `a gap, a twin and a bad name of a migration are found`() {
        func violations(_ names: String...) -> Int {
            ShapeRules.migrations(
                SourceTree(
                    Dictionary(uniqueKeysWithValues: names.map { ("\(Self.grid)/Migrations/\($0)", "-- Why.\n") }))
            ).count
        }
        #expect(violations("0001_create_grids.sql", "0002_add_level.sql") == 0)
        #expect(violations("0001_create_grids.sql", "0003_add_level.sql") == 1)
        #expect(violations("0001_create_grids.sql", "0001_create_zones.sql") == 1)
        #expect(violations("0002_create_grids.sql") == 1)
        #expect(violations("0001_grids.sql") == 1)
        #expect(violations("0001-create-grids.sql") == 1)
        #expect(violations("0001_grids_create.sql") == 1)
    }

    @Test func `a file that is too long is found`() {
        let lines = { (count: Int) in String(repeating: "\n", count: count) }
        for (path, limit) in [
            ("Shared/Kafka/A.swift", 500), ("Tests/Unit/A.swift", 600), ("\(Self.grid)/Main/Main.swift", 30),
        ] {
            #expect(ShapeRules.sizes(SourceTree([path: lines(limit)])).isEmpty)
            #expect(ShapeRules.sizes(SourceTree([path: lines(limit + 1)])).count == 1)
        }
    }

    @Test func `a stranger at the top is found, and so is what is missing`() {
        let wanted = [
            "Package.swift", "Services/a", "Shared/a", "Tests/a", "deploy/a", "docker-compose.yml", "Makefile",
            "README.md",
            ".gitignore",
        ]
        func violations(_ paths: [String]) -> [String] {
            ShapeRules.topLevel(SourceTree(Dictionary(uniqueKeysWithValues: paths.map { ($0, "") })))
        }
        #expect(violations(wanted).isEmpty)
        #expect(violations(wanted + ["scripts/a.sh"]) == ["scripts does not belong to the top"])
        #expect(violations(Array(wanted.dropFirst())) == ["Package.swift is missing"])
    }

    @Test func `a topic without writer or reader is found`() throws {
        let producers = TopicRules.producers(
            SourceTree(["Services/GridOperations/Storage/A.swift": "DivisionRegistered(), DivisionStated()"]))
        #expect(!producers.contains { $0.hasPrefix("grid-operations.division.v1") })
        #expect(producers.contains("grid-operations.incident.v1: GridOperations writes no news"))
        let readers = TopicRules.readers(
            SourceTree([
                "Services/CloudGateway/Events/A.swift": "let topics = Topic.all",
                "Services/TalentRegistry/Events/A.swift": "var topics: [Topic] { [.division] }",
                "Services/Notifications/Events/A.swift": "let topics = [Topic.grid, Topic.unit]",
            ]))
        #expect(
            readers == [
                "grid-operations.division.v1: CommunityPairing does not read it",
                "grid-operations.incident.v1: Notifications does not read it",
                "grid-operations.booking.v1: Notifications does not read it",
                "grid-operations.contact.v1: Notifications does not read it",
                "grid-operations.contact.v1: CloudGateway reads it",
                "community-pairing.unit.v1: Notifications reads it",
            ])
        let foreign = TopicRules.foreignEvents(
            SourceTree([
                "Services/Notifications/Storage/A.swift":
                    "try OutgoingEvent(DivisionChanged(division: d), occurredAt: t)"
            ]))
        #expect(foreign.count == 1)
    }

    @Test func `the scanner tells strings of every form from code`() {
        let file = SourceFile(
            path: "a.swift",
            text: ##"""
                let a = "x // y \" z" + b  // c "d
                let e = #"f " \(g) \#(h)"# + i
                let j = """
                    k "l" \(m("n"))
                    """ + o /* p /* q */ r */ + s
                """##)
        #expect(file.words.sorted() == ["a", "b", "e", "h", "i", "j", "let", "m", "o", "s"])
        #expect(file.codeLines.count == file.lines.count)
        #expect(file.strings.contains(#"x // y \" z"#) && file.strings.contains("n"))
    }
}
