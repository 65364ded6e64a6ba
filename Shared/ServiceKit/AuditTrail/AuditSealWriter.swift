import Foundation
import Messaging
import Models

/// Makes seals, one row each.
struct AuditSealWriter: Sendable {
    let service: ServiceName
    let hash: AuditHash
    /// Most entries of a seal.
    let entriesMax: Int
    let failpoints: Failpoints

    /// Where a seal begins.
    struct Place {
        var previous: String
        var snapshot: String
        /// The position after which it begins; 0 for the first part of a batch.
        var after: Int64
        /// Where to look.
        var positions: ClosedRange<Int64>

        /// The place behind a seal that is not the last part of its batch.
        static func rest(of last: AuditSeal) -> Place {
            Place(
                previous: last.previous, snapshot: last.snapshot, after: last.lastPosition,
                positions: last.lastPosition + 1...Int64.max)
        }
    }

    /// Reads, hashes and writes one seal; nil when no entry is there.
    func seal(_ place: Place, after last: AuditSeal?, in store: AuditSealStore) async throws -> AuditSeal? {
        let entries = try await store.entries(
            seenBy: place.snapshot, notBy: place.previous, in: place.positions, limit: entriesMax + 1)
        guard let first = entries.first else { return nil }
        let sealed = entries.prefix(entriesMax)
        let digests = try sealed.map { try hash.digest($0.canonicalBytes) }
        var seal = AuditSeal(
            number: (last?.number ?? 0) + 1, previous: place.previous, snapshot: place.snapshot, after: place.after,
            isLast: entries.count <= entriesMax, firstPosition: first.position,
            lastPosition: sealed.last?.position ?? first.position, entries: Int64(sealed.count),
            algorithm: hash, previousHash: last?.hash ?? AuditSeal.noHash, hash: [],
            marks: AuditMark.encode(zip(sealed, digests).map { AuditMark(position: $0.position, digest: $1) }),
            sealedAtMicroseconds: Int64(SystemClock().now.timeIntervalSince1970 * 1_000_000))
        seal.hash = try seal.computedHash(over: digests, of: service)
        try failpoints.pass(.sealerBeforeSeal)
        try await store.insert(seal)
        return seal
    }
}
