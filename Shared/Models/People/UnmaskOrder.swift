import Foundation

/// Why somebody wants to see one masked record in full: both are needed, and both are kept.
package struct UnmaskOrder: Sendable, Hashable {
    /// What the record will be used for.
    package let purpose: Purpose
    /// The reason in the caller's words.
    ///
    /// It may name the person, so it is kept encrypted.
    package let reason: Personal<String>

    /// Gathers the fields.
    package init(purpose: Purpose, reason: Personal<String>) {
        self.purpose = purpose
        self.reason = reason
    }
}

/// The fields of an order to unmask as a client sends them.
package struct UnmaskDraft: Decodable, Sendable {
    /// A purpose's code, `P1` to `P12`.
    package var purpose: String?
    /// The reason, 2 to 200 characters.
    package var reason: String?

    /// Gathers the fields.
    package init(purpose: String?, reason: String?) {
        self.purpose = purpose
        self.reason = reason
    }

    /// Reads the fields.
    ///
    /// - Parameter purposes: the purposes that fit what is asked for.
    /// - Throws: all faults of the fields; none quotes the reason.
    package func checked(allowing purposes: Set<Purpose>) throws(RowFaults) -> UnmaskOrder {
        var reader = RowReader()
        let purpose = reader.choice(purpose, "purpose", of: Purpose.self)
        if let purpose, !purposes.contains(purpose) {
            let fitting = purposes.map(\.rawValue).sorted().joined(separator: ", ")
            reader.add(
                "purpose", "purpose-not-fitting", "这类信息不用于该用途，可用：\(fitting)",
                "this is not kept for that purpose; fitting ones: \(fitting)")
        }
        let reason = reader.text(reason, "reason", max: 200)
        if let reason, reason.count < 2 {
            reader.add("reason", "too-short", "请写明理由（至少 2 个字）", "say the reason, in 2 characters at least")
        }
        guard reader.isSound, let purpose, let reason else { throw reader.rejection }
        return UnmaskOrder(purpose: purpose, reason: Personal(reason))
    }
}

/// One person's name and number in full, on the way to the one who may see them.
package struct UnmaskedPerson: Sendable, Hashable {
    /// The name.
    package let name: Personal<PersonName>
    /// The mobile number; nil when none is kept.
    package let mobile: Personal<String>?

    /// Gathers the fields.
    package init(name: Personal<PersonName>, mobile: Personal<String>?) {
        self.name = name
        self.mobile = mobile
    }
}

/// A caller has unmasked as many records today as one may.
package struct UnmaskLimitReached: Error, Sendable, Hashable {
    /// How many a day.
    package let limit: Int
    /// Until the next day of the county begins.
    package let retryAfter: Duration

    /// Says the limit, and how long it holds from a moment on: to the next midnight of the county, eight hours ahead of
    /// UTC.
    package init(limit: Int, at time: Date) {
        self.limit = limit
        let passed = (time.timeIntervalSince1970 + 8 * 3600).truncatingRemainder(dividingBy: 86_400)
        retryAfter = .seconds(Int64((86_400 - passed).rounded(.up)))
    }
}
