import Foundation
import Models

/// A seal: the hash over a batch of entries and over the seal before it.
package struct AuditSeal: Sendable, Equatable {
    /// Counts from 1 without a gap.
    package var number: Int64
    /// The snapshot of the batch before, in PostgreSQL's text form; `beginning` for the first.
    package var previous: String
    /// The batch is what this snapshot sees and `previous` does not.
    package var snapshot: String
    /// A batch with very many entries is sealed in parts: this one begins after that position, 0 for the first part.
    package var after: Int64
    /// Whether it is the last part of its batch.
    package var isLast: Bool
    /// The first position that it seals.
    package var firstPosition: Int64
    /// The last position that it seals.
    package var lastPosition: Int64
    /// How many entries it seals.
    package var entries: Int64
    /// The hash that it and its entries have; nil when the stored name is none that this release knows.
    package var algorithm: AuditHash?
    /// The hash of the seal before; 32 zero bytes for the first.
    package var previousHash: [UInt8]
    /// Its own hash.
    package var hash: [UInt8]
    /// Position and first eight bytes of the hash of each entry, see `AuditMark`.
    package var marks: [UInt8]
    /// When it was made, in whole microseconds since 1970.
    package var sealedAtMicroseconds: Int64

    /// Puts a seal together.
    package init(
        number: Int64, previous: String, snapshot: String, after: Int64, isLast: Bool, firstPosition: Int64,
        lastPosition: Int64, entries: Int64, algorithm: AuditHash?, previousHash: [UInt8], hash: [UInt8],
        marks: [UInt8], sealedAtMicroseconds: Int64
    ) {
        self.number = number
        self.previous = previous
        self.snapshot = snapshot
        self.after = after
        self.isLast = isLast
        self.firstPosition = firstPosition
        self.lastPosition = lastPosition
        self.entries = entries
        self.algorithm = algorithm
        self.previousHash = previousHash
        self.hash = hash
        self.marks = marks
        self.sealedAtMicroseconds = sealedAtMicroseconds
    }

    /// The snapshot that sees nothing.
    package static let beginning = "1:1:"
    /// What the first seal has for the hash of the seal before it.
    package static let noHash = [UInt8](repeating: 0, count: AuditHash.size)

    /// When it was made.
    var sealedAt: Date { Date(timeIntervalSince1970: Double(sealedAtMicroseconds) / 1_000_000) }

    /// The hash that the seal must have over the hashes of its entries.
    ///
    /// It is over a word for the form, the service, the hash before, the hashes of the entries, and every other field of
    /// the seal but the marks, each with its length before it.
    package func computedHash(over digests: [[UInt8]], of service: ServiceName) throws -> [UInt8] {
        var bytes = CanonicalBytes()
        bytes.append("tiaokuai.audit-trail.seal.v1")
        bytes.append(service.rawValue)
        bytes.append(previousHash)
        for digest in digests { bytes.append(digest) }
        bytes.append(number)
        bytes.append(previous)
        bytes.append(snapshot)
        bytes.append(after)
        bytes.append(isLast ? 1 as Int64 : 0)
        bytes.append(firstPosition)
        bytes.append(lastPosition)
        bytes.append(entries)
        bytes.append(algorithm?.rawValue)
        bytes.append(sealedAtMicroseconds)
        return try algorithm?.digest(bytes.bytes) ?? []
    }
}

/// What a seal notes of one entry, so that the one that was touched can be named: sixteen bytes, the position
/// (big-endian) and the first eight bytes of the entry's hash.
///
/// The seal's own hash does not stand on it.
package struct AuditMark: Sendable, Equatable {
    /// The entry's position.
    package var position: Int64
    /// The first eight bytes of its hash.
    package var digest: [UInt8]

    private static let size = 16

    /// Makes a mark of an entry's whole hash.
    package init(position: Int64, digest: [UInt8]) {
        self.position = position
        self.digest = Array(digest.prefix(8))
    }

    /// Writes marks one after another.
    package static func encode(_ marks: [AuditMark]) -> [UInt8] {
        marks.flatMap { mark in withUnsafeBytes(of: mark.position.bigEndian) { Array($0) } + mark.digest }
    }

    /// Reads them; a rest that is no whole mark is left out.
    package static func decode(_ bytes: [UInt8]) -> [AuditMark] {
        stride(from: 0, through: bytes.count - size, by: size).map { start in
            let position = bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return AuditMark(position: Int64(bitPattern: position), digest: Array(bytes[start + 8..<start + size]))
        }
    }
}
