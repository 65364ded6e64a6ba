import Foundation
import Models

/// What verifying the audit trails of the services came to.
package struct AuditTrailReport: Encodable, Sendable {
    /// One service's trail.
    package struct Trail: Encodable, Sendable {
        /// The service.
        package let service: ServiceName
        /// Seals that were computed anew.
        package private(set) var seals = 0
        /// Entries that were hashed anew.
        package private(set) var entries = 0
        /// What was found.
        package var findings: [AuditTrailFinding] = []
        /// How many findings the service did not name one by one.
        package private(set) var findingsLeftOut = 0
        /// The newest seal.
        package private(set) var head: AuditTrailHead?
        /// What no seal covers yet.
        package private(set) var unsealed = AuditTrailTail(entries: 0, ageSeconds: 0)

        /// Begins with nothing.
        package init(service: ServiceName) { self.service = service }

        /// Adds a part.
        package mutating func add(_ part: AuditTrailPartAnswer) {
            seals += part.seals
            entries += part.entries
            findings += part.findings
            findingsLeftOut += part.findingsLeftOut
            head = part.head
            unsealed = part.unsealed
        }

        /// Whether nothing was found.
        package var isClean: Bool { findings.isEmpty && findingsLeftOut == 0 }
    }

    /// Whether nothing was found anywhere.
    package let clean: Bool
    /// By service.
    package let trails: [Trail]

    /// Sums up.
    package init(_ trails: [Trail]) {
        self.trails = trails
        clean = trails.allSatisfy(\.isClean)
    }

    /// The table that people read, and a line for each finding.
    package var lines: [String] {
        var table = TextTable([
            ("服务 service", .left), ("封条 seals", .right), ("记录 entries", .right), ("未封 unsealed", .right),
            ("最久 oldest", .right), ("发现 findings", .right),
        ])
        for trail in trails {
            table.add([
                trail.service.rawValue, String(trail.seals), String(trail.entries), String(trail.unsealed.entries),
                "\(Int(trail.unsealed.ageSeconds.rounded(.up))) s",
                String(trail.findings.count + trail.findingsLeftOut),
            ])
        }
        return table.lines
            + trails.flatMap { trail in
                trail.findings.map { finding in
                    let place = finding.position.map { "，位置 position \($0)" } ?? ""
                    return "\(trail.service.rawValue)：封条 seal \(finding.seal)\(place)：\(Self.words(finding.kind))"
                }
            }
    }

    private static func words(_ kind: String) -> String {
        switch kind {
        case "entryChanged": "记录被改动 entry changed"
        case "entryRemoved": "记录被删除 entry removed"
        case "entryInserted": "事后插入的记录 entry inserted afterwards"
        case "sealChanged": "封条被改动 seal changed"
        case "sealRemoved": "封条被删除 seal removed"
        case "chainBroken": "与前一封条不衔接 does not follow from the seal before"
        case "cutUnrecorded": "截去未留记录 months were cut off and the trail does not tell of it"
        case "eraUnrecorded": "接续未留记录 taken up in another cluster and the trail does not tell of it"
        case "tailCut": "末尾被截去：留存的封条已不存在 tail cut: the seal kept elsewhere is gone"
        case "rewritten": "整链被重写：与留存的封条不符 rewritten: differs from the seal kept elsewhere"
        default: kind
        }
    }
}

/// The newest seals of all services, in a file that is kept elsewhere: what finds a trail whose end was cut, or that was
/// written anew as a whole.
package struct AuditTrailAnchor: Codable, Sendable, Equatable {
    /// By service.
    package var seals: [String: AuditTrailHead]

    /// Keeps the heads of trails.
    package init(seals: [String: AuditTrailHead] = [:]) { self.seals = seals }

    /// Reads a file; nil when there is none yet.
    ///
    /// - Throws: `OperatorError` when it cannot be read.
    package static func read(_ path: String) throws -> AuditTrailAnchor? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return try ServiceJSON.decode(
                AuditTrailAnchor.self, from: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        } catch {
            throw OperatorError(
                .usage, "无法读取锚文件 \(path)：请检查路径、权限和内容。",
                "The anchor file \(path) cannot be read: check path, rights and content.")
        }
    }

    /// Writes the file, whole or not at all.
    ///
    /// - Throws: `OperatorError` when it cannot be written.
    package func write(_ path: String) throws {
        do {
            try Data(try ServiceJSON.encode(self)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw OperatorError(
                .usage, "无法写入锚文件 \(path)：请检查路径和权限。",
                "The anchor file \(path) cannot be written: check path and rights.")
        }
    }

    /// What a kept seal says about a trail.
    ///
    /// - Parameters:
    ///   - kept: the seal in the file.
    ///   - present: the seal of the same number as the service has it now.
    package static func findings(kept: AuditTrailHead, present: AuditTrailHead?) -> [AuditTrailFinding] {
        guard let present else {
            return [AuditTrailFinding(kind: "tailCut", seal: kept.number, position: kept.lastPosition)]
        }
        return present.hash == kept.hash
            ? [] : [AuditTrailFinding(kind: "rewritten", seal: kept.number, position: kept.lastPosition)]
    }
}
