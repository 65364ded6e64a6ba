import Foundation
import Models
import Postgres

/// What a service keeps of one person, for the requests that the person may make about it (PR-10).
///
/// A service conforms in its Storage. Every call runs in the transaction that also writes down what was done.
package protocol SubjectHolding: Sendable {
    /// The kind of object by which the service keeps a person, as the audit trail and legal holds name it.
    var objectType: String { get }

    /// Finds the person with an identity number within a scope, by the keyed hash; the number is forgotten.
    func find(
        identity number: Personal<String>, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> SubjectPlace?

    /// Everything that is kept of the person, in full.
    func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact]

    /// Puts what the person says in the place of what is kept.
    func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws

    /// Erases all that says who the person is; rows stay for the counts.
    func erase(_ id: String, at time: Date, in transaction: PostgresTransaction) async throws
}

/// Where a person is kept.
package struct SubjectPlace: Sendable, Hashable {
    /// The object's id.
    package let id: String
    /// The division that it belongs to.
    package let divisionCode: String

    /// Names a place.
    package init(id: String, divisionCode: String) {
        self.id = id
        self.divisionCode = divisionCode
    }
}

/// One thing that is kept of a person, as the person reads it.
package struct SubjectFact: Sendable, Hashable {
    /// What it is.
    package let item: String
    /// The value.
    package let value: Personal<String>
    /// What it is kept for; nil of what is written down about reads.
    package let purpose: Purpose?

    /// Gathers the fields.
    package init(_ item: String, _ value: String, _ purpose: Purpose?) {
        self.item = item
        self.value = Personal(value)
        self.purpose = purpose
    }
}

/// What a person wants to have corrected.
package struct SubjectCorrection: Sendable, Hashable {
    /// The right name; nil when it is right.
    package let name: Personal<PersonName>?
    /// The right mobile number; nil when it is right.
    package let mobile: Personal<String>?

    /// Gathers the fields.
    package init(name: Personal<PersonName>?, mobile: Personal<String>?) {
        self.name = name
        self.mobile = mobile
    }
}

/// What a person may ask for.
package enum SubjectRequestKind: String, Sendable, Codable, CaseIterable {
    /// A copy of everything.
    case export
    /// A correction.
    case correction
    /// That it is erased.
    case erasure
}

/// Counts working days, Monday to Friday; holidays of the state, which are set year by year, are counted as working days, so
/// that an answer is rather due too early.
package enum WorkingDays {
    /// The day that is so many working days after another.
    package static func day(_ count: Int, after day: CalendarDay) -> CalendarDay? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard var date = calendar.date(from: DateComponents(year: day.year, month: day.month, day: day.day)) else {
            return nil
        }
        var left = count
        while left > 0 {
            date.addTimeInterval(86_400)
            // 1 is Sunday, 7 Saturday.
            if (2...6).contains(calendar.component(.weekday, from: date)) { left -= 1 }
        }
        let parts = calendar.dateComponents([.year, .month, .day], from: date)
        return CalendarDay(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
    }
}
