import Models

/// Something in the audit trail that is not as it was written.
package struct AuditFinding: Sendable, Equatable, Codable {
    /// What kind of thing.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// An entry holds something else than was sealed.
        case entryChanged
        /// An entry that was sealed is gone.
        case entryRemoved
        /// An entry was put in behind the seal.
        case entryInserted
        /// A seal itself holds something else than was written.
        case sealChanged
        /// A seal is gone.
        case sealRemoved
        /// A seal does not follow from the one before it.
        case chainBroken
        /// Months were cut off, and the trail does not tell of it.
        case cutUnrecorded
        /// The trail was taken up in another cluster, and does not tell of it.
        case eraUnrecorded
    }

    /// What kind of thing.
    package let kind: Kind
    /// The seal in whose batch it is.
    package let seal: Int64
    /// The entry's position, where one entry is meant.
    package let position: Int64?

    /// Makes a finding.
    package init(_ kind: Kind, seal: Int64, position: Int64? = nil) {
        self.kind = kind
        self.seal = seal
        self.position = position
    }
}

extension AuditSeal {
    /// What is wrong with a seal's own entries, as they are now.
    ///
    /// - Parameter strays: positions of entries that lie outside its batch and belong to it by their transaction.
    package func findings(in entries: [StoredAuditEntry], strays: [Int64], of service: ServiceName) throws
        -> [AuditFinding]
    {
        guard let algorithm else { return [AuditFinding(.sealChanged, seal: number)] }
        let digests = try entries.map { try algorithm.digest($0.canonicalBytes) }
        var findings = strays.map { AuditFinding(.entryInserted, seal: number, position: $0) }
        let present = zip(entries, digests).map { AuditMark(position: $0.position, digest: $1) }
        let differences = differences(of: present)
        let isWhole = try computedHash(over: digests, of: service) == hash
        if isWhole, AuditMark.encode(present) == marks { return findings }
        // Where the hash holds and the marks do not, the marks were touched and not the entries.
        findings += isWhole ? [] : differences
        if findings.isEmpty { findings.append(AuditFinding(.sealChanged, seal: number)) }
        return findings
    }

    /// What is wrong with how a seal follows the one before; nil stands for the beginning.
    ///
    /// - Parameter era: the era of this seal; its first seal begins anew with its snapshots, and goes on with the hashes.
    package func breaks(after last: AuditSeal?, in era: AuditEra = .beginning) -> [AuditFinding] {
        let next = (last?.number ?? 0) + 1
        guard number == next else {
            // A broken number may be far away: the first and the last that are missing say enough.
            return Set([next, number - 1]).sorted().map { AuditFinding(.sealRemoved, seal: $0) }
        }
        // A batch of the era before is ended by it, were there more of it or not.
        let before = last.flatMap { $0.number > era.seal && !$0.isLast ? $0 : nil }
        let expectedPrevious = before?.previous ?? era.previous(after: last)
        let expectedAfter = before?.lastPosition ?? 0
        let isSameBatch = before.map { $0.snapshot == snapshot } ?? true
        let follows =
            previousHash == (last?.hash ?? AuditSeal.noHash) && previous == expectedPrevious && after == expectedAfter
            && isSameBatch
        return follows ? [] : [AuditFinding(.chainBroken, seal: number)]
    }

    private func differences(of present: [AuditMark]) -> [AuditFinding] {
        let sealed = Dictionary(AuditMark.decode(marks).map { ($0.position, $0.digest) }, uniquingKeysWith: { $1 })
        var findings = present.compactMap { mark -> AuditFinding? in
            guard let digest = sealed[mark.position] else {
                return AuditFinding(.entryInserted, seal: number, position: mark.position)
            }
            return digest == mark.digest ? nil : AuditFinding(.entryChanged, seal: number, position: mark.position)
        }
        let positions = present.map(\.position)
        for (position, count) in Dictionary(grouping: positions, by: \.self).mapValues(\.count) where count > 1 {
            findings.append(AuditFinding(.entryInserted, seal: number, position: position))
        }
        for position in Set(sealed.keys).subtracting(positions).sorted() {
            findings.append(AuditFinding(.entryRemoved, seal: number, position: position))
        }
        return findings
    }
}
