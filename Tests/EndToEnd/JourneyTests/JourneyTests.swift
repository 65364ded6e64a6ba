import Foundation
import Support
import Testing

/// Whole journeys of data through the built programs: from the sheets of a county office to the county's digest.
@Suite("Journeys", .serialized, .timeLimit(.minutes(10)))
struct JourneyTests {
    private struct Report: Decodable {
        struct Sheet: Decodable {
            let sheet: String
            let rows, accepted, unchanged, rejected: Int
        }
        struct Fault: Decodable {
            let sheet: String
            let row: Int?
            let column: String?
            let code: String
            let message: String
        }
        let sheets: [Sheet]
        let faults: [Fault]
    }

    private struct Digest: Decodable {
        struct Incidents: Decodable {
            let total: Int
            let byFunction: [String: Int]
        }
        let numbers: [String: Double]
        let incidents: Incidents
        let grids: [String: Int]

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            numbers = try container.allKeys.filter { $0.stringValue.first == "N" }.reduce(into: [:]) {
                $0[$1.stringValue] = try container.decode(Double.self, forKey: $1)
            }
            incidents = try container.decode(Incidents.self, forKey: Name(stringValue: "incidents"))
            grids = try container.decode([String: Int].self, forKey: Name(stringValue: "grids"))
        }
    }

    private struct Verdict: Decodable {
        let clean: Bool
        let produced, missing, repeated, parked: Int
    }

    private func expectClean(_ suite: LocalSuite, wait: Int = 60) async throws {
        let audit = try await suite.tiaokuai("audit", "--json", "--wait", "\(wait)")
        let verdict = try audit.decode(Verdict.self)
        #expect(audit.status == 0, "\(audit.output)")
        #expect(verdict.clean && verdict.missing == 0 && verdict.repeated == 0 && verdict.parked == 0)
        #expect(verdict.produced > 0)
    }

    private func expectDigest(_ suite: LocalSuite, of pack: PackSheets) async throws {
        let digest = try await suite.tiaokuai("digest", "--json").decode(Digest.self)
        for (name, value) in try pack.figures() {
            #expect(digest.numbers[name] == Double(value), "\(name)")
        }
        let grids = try pack.gridFigures()
        #expect(digest.incidents.total == grids["incidents"])
        #expect(digest.incidents.byFunction.values.reduce(0, +) == digest.incidents.total)
        for name in ["areas", "groups", "onePlusOnePlusNComplete", "threeStaffComplete"] {
            #expect(digest.grids[name] == grids[name], "\(name)")
        }
    }

    @Test func `a clean pack becomes the digest, again it changes nothing, and a story ends well`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            let first = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(first.status == 0, "\(first.errors)")
            let report = try first.decode(Report.self)
            #expect(report.faults.isEmpty)
            #expect(report.sheets.count == 9)
            for sheet in report.sheets {
                let rows = try pack.rows(String(sheet.sheet.prefix(2))).count
                #expect(sheet.rows == rows && sheet.accepted == rows, "\(sheet)")
            }
            try await expectClean(suite)
            try await expectDigest(suite, of: pack)

            let again = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(again.status == 0)
            for sheet in try again.decode(Report.self).sheets {
                #expect(sheet.unchanged == sheet.rows && sheet.accepted == 0 && sheet.rejected == 0, "\(sheet)")
            }
            let demo = try await suite.tiaokuai("demo")
            #expect(demo.status == 0, "\(demo.output)\(demo.errors)")
            try await expectClean(suite)
        }
    }

    @Test func `of a dirty pack every broken rule is told by sheet, row and column, and every sound row is in`()
        async throws
    {
        let pack = try PackSheets.named("dirty")
        let spoilt = try JSONDecoder().decode(
            [SpoiltCell].self, from: Data(contentsOf: pack.directory.appendingPathComponent("faults.json")))
        let broken = spoilt.filter(\.breaksRule)
        #expect(!broken.isEmpty && broken.count < spoilt.count)
        try await LocalSuite.with { suite in
            let run = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(run.status == 2, "\(run.errors)")
            let report = try run.decode(Report.self)
            for cell in broken {
                #expect(
                    report.faults.contains { $0.sheet == cell.file && $0.row == cell.row && $0.column == cell.column },
                    "\(cell.file) row \(cell.row) \(cell.column) was not told")
            }
            // What else was refused refers to a refused row, and says to which.
            let places = Set(broken.map { "\($0.file) \($0.row)" })
            for fault in report.faults where !places.contains("\(fault.sheet) \(fault.row ?? 0)") {
                #expect(fault.code == "reference-unknown" || fault.code == "incident-outside-grids", "\(fault)")
                let blames = broken.contains { fault.message.contains("\($0.file) 第\($0.row)行") }
                #expect(blames, "\(fault)")
            }
            for fault in report.faults {
                #expect(!spoilt.contains { $0.column != "区划代码" && !$0.was.isEmpty && fault.message.contains($0.was) })
            }
            for sheet in report.sheets {
                let refused = Set(report.faults.filter { $0.sheet == sheet.sheet }.map(\.row)).count
                #expect(sheet.rejected == refused && sheet.accepted == sheet.rows - refused, "\(sheet)")
            }
            try await expectClean(suite)
            let digest = try await suite.tiaokuai("digest", "--json").decode(Digest.self)
            func accepted(_ number: String) -> Int? { report.sheets.first { $0.sheet.hasPrefix(number) }?.accepted }
            #expect(digest.numbers["N13"].map { Int($0) } == accepted("05"))
            #expect(digest.numbers["N19"].map { Int($0) } == accepted("14"))
            #expect(digest.incidents.total == accepted("26"))
            #expect((digest.grids["areas"] ?? 0) + (digest.grids["groups"] ?? 0) == accepted("02"))
        }
    }

    @Test func `services and broker are killed in the middle of an import, and nothing is lost or done twice`()
        async throws
    {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            async let importing = suite.tiaokuai("import", pack.directory.path, "--json")
            // Each is killed as soon as it has something to lose, while the import goes on.
            for service in ["grid-operations", "talent-registry", "community-pairing"] {
                try await eventually(within: .seconds(60), "\(service) has taken rows") {
                    try await suite.hasTaken(service)
                }
                let process = try #require(suite.processes[service])
                process.killNow()
                try process.start()
                if service != "talent-registry" { continue }
                suite.broker.killNow()
                try suite.broker.start()
            }
            let gateway = try #require(suite.processes["cloud-gateway"])
            gateway.killNow()
            try gateway.start()

            let run = try await importing
            #expect(run.status == 0, "\(run.errors)")
            for sheet in try run.decode(Report.self).sheets {
                // A request whose answer was lost is sent again, and then its rows are unchanged.
                #expect(sheet.accepted + sheet.unchanged == sheet.rows, "\(sheet)")
            }
            try await eventually(within: .seconds(60), "all services are ready again") {
                try await suite.tiaokuai("status").status == 0
            }
            try await expectClean(suite, wait: 120)
            try await expectDigest(suite, of: pack)
        }
    }
}
