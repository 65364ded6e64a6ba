import Foundation
import Messaging
import Models
import Postgres

/// The newest seal, as it is kept elsewhere to find a cut of the trail's end.
package struct AuditHead: Sendable, Equatable, Encodable {
    /// The seal's number.
    package let number: Int64
    /// Its hash in hexadecimal digits.
    package let hash: String
    /// The last position that it seals.
    package let lastPosition: Int64
    /// When it was made.
    package let sealedAt: Date

    init(_ seal: AuditSeal) {
        number = seal.number
        hash = seal.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        lastPosition = seal.lastPosition
        sealedAt = seal.sealedAt
    }
}

/// What a part of a verification came to.
package struct AuditVerification: Sendable, Encodable {
    /// The service whose trail it is.
    package let service: ServiceName
    /// The last seal that was looked at; the part before's when there was none.
    package let through: Int64
    /// Seals that were looked at.
    package let seals: Int
    /// Entries that were looked at.
    package let entries: Int
    /// What was found, at most `findingsMax`.
    package let findings: [AuditFinding]
    /// How many more there are.
    package let findingsLeftOut: Int
    /// The number after which the next part begins; nil at the end.
    package let next: Int64?
    /// The newest seal; nil when there is none.
    package let head: AuditHead?
    /// What no seal covers yet.
    package let unsealed: AuditTail

    /// Most findings of a part.
    package static let findingsMax = 100
}

/// Computes the chain anew from what the database holds, part by part, each bounded.
package struct AuditVerifier: Sendable {
    private let service: ServiceName
    private let store: AuditSealStore

    /// Most seals of a part.
    private static let sealsMax = 50
    /// After how many entries a part ends.
    private static let entriesMax = 20_000
    /// Most strays that are named for a seal.
    private static let straysMax = 20

    /// Verifies a service's own database.
    package init(service: ServiceName, executor: any PostgresExecutor) {
        self.service = service
        store = AuditSealStore(executor: executor)
    }

    /// The seal of a number as it is kept elsewhere; nil when there is none.
    package func head(_ number: Int64) async throws -> AuditHead? { try await store.seal(number).map(AuditHead.init) }

    /// Verifies the seals after a number.
    ///
    /// - Parameter number: where the last part ended; 0 for the beginning.
    /// - Throws: `PostgresError`; `AuditHash.Unavailable`.
    package func verify(after number: Int64) async throws -> AuditVerification {
        let ground = try await store.ground()
        // What was cut off is not there to be verified; its last seal is the anchor of the rest.
        let number = max(number, ground.cut?.seal ?? 0)
        var last = try await last(number)
        var findings: [AuditFinding] = []
        var counts = (seals: 0, entries: 0)
        let seals = try await store.seals(after: number, limit: Self.sealsMax)
        if number > 0, last == nil, !seals.isEmpty { findings.append(AuditFinding(.sealRemoved, seal: number)) }
        if let cut = ground.cut, cut.seal == number {
            findings += try await self.findings(of: cut, anchor: last, on: ground)
        }
        for seal in seals {
            // After a seal that is missing there is nothing that the next could follow from.
            let era = ground.era(ofSeal: seal.number)
            if last != nil || number == 0 { findings += seal.breaks(after: last, in: era) }
            let (found, entries) = try await verify(seal, in: era)
            findings += found
            counts = (counts.seals + 1, counts.entries + entries)
            last = seal
            if counts.entries >= Self.entriesMax { break }
        }
        let head = try await store.latest()
        let through = last?.number ?? number
        let next = counts.seals > 0 && through < head?.number ?? 0 ? through : nil
        if next == nil {
            findings += try await store.impossible(in: ground.present, limit: Self.straysMax)
                .map { AuditFinding(.entryInserted, seal: through + 1, position: $0) }
            findings += try await self.findings(of: ground)
        }
        return AuditVerification(
            service: service, through: through, seals: counts.seals, entries: counts.entries,
            findings: Array(findings.prefix(AuditVerification.findingsMax)),
            findingsLeftOut: max(0, findings.count - AuditVerification.findingsMax),
            next: next, head: head.map(AuditHead.init),
            unsealed: try await store.tail(after: ground.present.previous(after: head), in: ground.present))
    }

    /// What is wrong with a cut: its anchor, what it left, and whether the trail tells of it.
    private func findings(
        of cut: AuditCut, anchor: AuditSeal?, on ground: AuditGround
    ) async throws -> [AuditFinding] {
        var findings: [AuditFinding] = []
        if let anchor {
            if AuditHead(anchor).hash != cut.hash { findings.append(AuditFinding(.sealChanged, seal: cut.seal)) }
            findings += try await store.leftBehind(anchor, in: ground.era(ofSeal: cut.seal), limit: Self.straysMax)
                .map { AuditFinding(.entryInserted, seal: cut.seal, position: $0) }
        }
        if try await !store.tells(of: cut.entry) { findings.append(AuditFinding(.cutUnrecorded, seal: cut.seal)) }
        return findings
    }

    /// What is wrong with eras: what was put into one that has ended, and whether the trail tells of each.
    private func findings(of ground: AuditGround) async throws -> [AuditFinding] {
        var findings: [AuditFinding] = []
        for (era, next) in zip(ground.eras, ground.eras.dropFirst()) {
            if try await !store.tells(of: next.entry) {
                findings.append(AuditFinding(.eraUnrecorded, seal: next.seal))
            }
            guard let last = try await last(next.seal) else { continue }
            findings += try await store.unseen(by: last, in: era, limit: Self.straysMax)
                .map { AuditFinding(.entryInserted, seal: next.seal, position: $0) }
        }
        return findings
    }

    private func last(_ number: Int64) async throws -> AuditSeal? {
        number > 0 ? try await store.seal(number) : nil
    }

    private func verify(_ seal: AuditSeal, in era: AuditEra) async throws -> (findings: [AuditFinding], entries: Int) {
        // A seal whose fields make no sense was touched, and its entries cannot be told from others.
        let from = max(seal.firstPosition, seal.after + 1)
        let lowest = seal.after == 0 ? seal.firstPosition : seal.after + 1
        guard seal.entries > 0, seal.lastPosition >= from, SnapshotBounds(seal.previous) != nil,
            SnapshotBounds(seal.snapshot) != nil
        else { return ([AuditFinding(.sealChanged, seal: seal.number)], 0) }
        // A few more than were sealed are enough to show that there are more.
        let limit = Int(min(seal.entries, Int64(Self.entriesMax))) + Self.straysMax
        let entries = try await store.entries(
            seenBy: seal.snapshot, notBy: seal.previous, in: lowest...seal.lastPosition, limit: limit)
        let strays = try await store.strays(of: seal, in: era, limit: Self.straysMax)
        return (try seal.findings(in: entries, strays: strays, of: service), entries.count)
    }
}
