import Foundation
import Support
import Testing

/// Whole journeys of data through the built programs: from the sheets of a county office to the county's digest.
@Suite("Journeys", .serialized, .timeLimit(.minutes(10)))
struct JourneyTests {
    @Test func `a clean pack becomes the digest, again it changes nothing, and a story ends well`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            let first = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(first.status == 0, "\(first.errors)")
            let report = try first.decode(ImportReport.self)
            #expect(report.faults.isEmpty)
            #expect(report.sheets.count == 11)
            for sheet in report.sheets {
                let rows = try pack.rows(String(sheet.sheet.prefix(2))).count
                #expect(sheet.rows == rows && sheet.accepted == rows, "\(sheet)")
            }
            try await suite.expectClean()
            try await suite.expectDigest(of: pack)

            let again = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(again.status == 0)
            for sheet in try again.decode(ImportReport.self).sheets {
                #expect(sheet.unchanged == sheet.rows && sheet.accepted == 0 && sheet.rejected == 0, "\(sheet)")
            }
            let demo = try await suite.tiaokuai("demo")
            #expect(demo.status == 0, "\(demo.output)\(demo.errors)")
            try await suite.expectClean()
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
            let report = try run.decode(ImportReport.self)
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
            try await suite.expectClean()
            let digest = try await suite.tiaokuai("digest", "--json").decode(DigestAnswer.self)
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
            for sheet in try run.decode(ImportReport.self).sheets {
                // A request whose answer was lost is sent again, and then its rows are unchanged.
                #expect(sheet.accepted + sheet.unchanged == sheet.rows, "\(sheet)")
            }
            try await eventually(within: .seconds(60), "all services are ready again") {
                try await suite.tiaokuai("status").status == 0
            }
            try await suite.expectClean(wait: 120)
            try await suite.expectDigest(of: pack)
        }
    }
}
