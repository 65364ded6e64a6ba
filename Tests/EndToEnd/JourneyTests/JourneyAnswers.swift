import Testing

/// What `import --json` prints.
struct ImportReport: Decodable {
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

/// What `digest --json` prints.
struct DigestAnswer: Decodable {
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

/// What `audit --json` prints, as far as the journeys look.
struct AuditVerdict: Decodable {
    let clean: Bool
    let produced, missing, repeated, parked: Int
}

extension LocalSuite {
    /// Expects that the audit is clean within a time in seconds, and nothing is parked.
    func expectClean(wait: Int = 60, asking replaced: [String: String] = [:]) async throws {
        let audit = try await tiaokuai("audit", "--json", "--wait", "\(wait)", asking: replaced)
        let verdict = try audit.decode(AuditVerdict.self)
        #expect(audit.status == 0, "\(audit.output)")
        #expect(verdict.clean && verdict.missing == 0 && verdict.repeated == 0 && verdict.parked == 0)
        #expect(verdict.produced > 0)
    }

    /// Expects the digest to have the figures of a pack, with so many incidents more.
    func expectDigest(of pack: PackSheets, incidentsMore: Int = 0, asking replaced: [String: String] = [:]) async throws
    {
        let digest = try await tiaokuai("digest", "--json", asking: replaced).decode(DigestAnswer.self)
        for (name, value) in try pack.figures() {
            #expect(digest.numbers[name] == Double(value), "\(name)")
        }
        let grids = try pack.gridFigures()
        #expect(digest.incidents.total == (grids["incidents"] ?? 0) + incidentsMore)
        #expect(digest.incidents.byFunction.values.reduce(0, +) == digest.incidents.total)
        for name in ["areas", "groups", "onePlusOnePlusNComplete", "threeStaffComplete"] {
            #expect(digest.grids[name] == grids[name], "\(name)")
        }
    }
}
