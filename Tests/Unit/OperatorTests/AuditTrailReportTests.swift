import Foundation
import Models
import Operator
import Testing

/// What the command line makes of the services' answers, and the seals that are kept elsewhere.
struct AuditTrailReportTests {
    private func head(_ number: Int64, hash: String = "aa") -> AuditTrailHead {
        AuditTrailHead(number: number, hash: hash, lastPosition: number * 10, sealedAt: Date(timeIntervalSince1970: 0))
    }

    @Test func `a kept seal that is there unchanged says nothing`() {
        #expect(AuditTrailAnchor.findings(kept: head(4), present: head(4)) == [])
    }

    @Test func `a kept seal that is gone is a cut, one that differs is a chain written anew`() {
        #expect(
            AuditTrailAnchor.findings(kept: head(4), present: nil)
                == [AuditTrailFinding(kind: "tailCut", seal: 4, position: 40)])
        #expect(
            AuditTrailAnchor.findings(kept: head(4), present: head(4, hash: "bb"))
                == [AuditTrailFinding(kind: "rewritten", seal: 4, position: 40)])
    }

    @Test func `a file of kept seals is read as it was written, and a broken one is refused`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("anchor-\(UUID().uuidString)").path
        #expect(try AuditTrailAnchor.read(path) == nil)
        let anchor = AuditTrailAnchor(seals: ["talent-registry": head(7)])
        try anchor.write(path)
        #expect(try AuditTrailAnchor.read(path) == anchor)
        try Data("{".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: OperatorError.self) { try AuditTrailAnchor.read(path) }
        try FileManager.default.removeItem(atPath: path)
        #expect(throws: OperatorError.self) { try anchor.write("/nowhere/at/all") }
    }

    @Test func `a finding is told with service, seal and position, and makes the report unclean`() {
        var trail = AuditTrailReport.Trail(service: .gridOperations)
        #expect(AuditTrailReport([trail]).clean)
        trail.findings = [AuditTrailFinding(kind: "entryRemoved", seal: 3, position: 23)]
        let report = AuditTrailReport([AuditTrailReport.Trail(service: .notifications), trail])
        #expect(!report.clean)
        let line = report.lines.last ?? ""
        for part in ["grid-operations", "seal 3", "position 23", "entry removed"] { #expect(line.contains(part)) }
    }

    @Test func `every kind of finding has words of its own`() {
        let kinds = [
            "entryChanged", "entryRemoved", "entryInserted", "sealChanged", "sealRemoved", "chainBroken", "tailCut",
            "rewritten",
        ]
        let lines = kinds.map { kind -> String in
            var trail = AuditTrailReport.Trail(service: .notifications)
            trail.findings = [AuditTrailFinding(kind: kind, seal: 1)]
            return AuditTrailReport([trail]).lines.last ?? ""
        }
        #expect(Set(lines).count == kinds.count)
    }
}
