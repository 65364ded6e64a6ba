import Foundation
import Models

/// Names an API key; it is no secret.
package struct Open311KeyID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// What is known of an API key: never the key itself.
package struct Open311Key: Codable, Sendable, Hashable {
    /// Which key.
    package let id: Open311KeyID
    /// Whose it is, in words: a program or an organisation.
    package let name: String
    /// The division that it opens.
    package let division: DivisionCode
    /// How many requests a minute it may make of one replica.
    package let requestsPerMinute: Int
    /// When it was made.
    package let createdAt: Date
    /// When it was revoked; nil while it holds.
    package var revokedAt: Date?

    /// Gathers the fields.
    package init(
        id: Open311KeyID, name: String, division: DivisionCode, requestsPerMinute: Int, createdAt: Date,
        revokedAt: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.division = division
        self.requestsPerMinute = requestsPerMinute
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

/// A new API key as a request states it.
package struct Open311KeyDraft: Decodable, Sendable {
    package var name: String?
    package var divisionCode: String?
    /// 1 to 6000; 60 where nothing is said.
    package var requestsPerMinute: Int?

    /// Gathers the fields.
    package init(name: String?, divisionCode: String?, requestsPerMinute: Int? = nil) {
        self.name = name
        self.divisionCode = divisionCode
        self.requestsPerMinute = requestsPerMinute
    }

    /// The key that it describes.
    ///
    /// - Throws: all faults of the request.
    package func key(at moment: Date) throws(RowFaults) -> Open311Key {
        var reader = RowReader()
        let name = PersonalNumberRule.checked(
            reader.text(name, "name", max: 100), "name", isConfirmed: nil, &reader)
        let division = reader.division(divisionCode, "divisionCode")
        let pace = requestsPerMinute ?? 60
        if !(1...6000).contains(pace) { reader.add(.outOfRange("requestsPerMinute", 1...6000)) }
        guard let name, let division else { throw RowFaults(reader.faults) }
        return try reader.checked(
            Open311Key(id: .new(), name: name, division: division, requestsPerMinute: pace, createdAt: moment))
    }
}

/// How fast a key may be used: a bucket that holds a minute's requests and fills up evenly, over given times.
package struct KeyPace: Sendable, Hashable {
    private var tokens: Double
    private var since: Date

    /// A full bucket.
    package init(perMinute: Int, now: Date) {
        tokens = Double(perMinute)
        since = now
    }

    /// Takes a request in.
    ///
    /// - Returns: nil when it may go on, else after how many seconds the next one may.
    package mutating func take(perMinute: Int, now: Date) -> Double? {
        let rate = Double(perMinute) / 60
        tokens = min(Double(perMinute), tokens + max(0, now.timeIntervalSince(since)) * rate)
        since = now
        guard tokens < 1 else {
            tokens -= 1
            return nil
        }
        return (1 - tokens) / rate
    }
}
