import Foundation
import Messaging
import Models
import Postgres

/// What of an inventory is erased by itself, after what and how long (PR-09).
package struct RetentionRule: Sendable {
    /// One batch of a run.
    package struct Due: Sendable {
        /// What began its time before this moment is due.
        package let before: Date
        /// The day of the run, in the county.
        package let day: CalendarDay
        /// How many at most.
        package let limit: Int
    }

    /// How long something is kept.
    package enum Span: Sendable, Hashable {
        /// Whole months of the calendar.
        case months(Int)
        /// Whole days.
        case days(Int)

        /// The moment so long before another.
        func before(_ time: Date) -> Date {
            switch self {
            case .days(let days): return time.addingTimeInterval(-86_400 * Double(days))
            case .months(let months):
                var calendar = Calendar(identifier: .gregorian)
                calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3600) ?? calendar.timeZone
                // The calendar has a day so many months before any other.
                return calendar.date(byAdding: .month, value: -months, to: time) ?? .distantPast
            }
        }
    }

    /// A name for the runs and for `Retention.rule`; never changed.
    package let name: String
    /// The kind of object that it erases, in kebab case, as legal holds and the audit trail name it.
    package let objectType: String
    /// What the time is counted from, in words.
    package let after: String
    /// How long.
    package let keeping: Span
    /// What a batch must lock before it looks, so that it does not erase what others take up again.
    let locking: PostgresStatement?
    /// Erases at most `limit` objects that are due and not held, and returns their ids as a text `id`.
    ///
    /// What is erased is not due any more: so a run goes on where one before it was killed.
    let erase: @Sendable (Due) -> PostgresStatement
    /// What others must be told of the objects that have just been erased, by their ids; nil where nobody knows of them.
    let tell: Telling?

    /// Makes the events about objects that the transaction has erased.
    package typealias Telling = @Sendable ([String], PostgresTransaction) async throws -> [OutgoingEvent]

    /// Describes a rule.
    package init(
        _ name: String, of objectType: String, after: String, keeping: Span, locking: PostgresStatement? = nil,
        telling tell: Telling? = nil, erase: @escaping @Sendable (Due) -> PostgresStatement
    ) {
        self.tell = tell
        self.name = name
        self.objectType = objectType
        self.after = after
        self.keeping = keeping
        self.locking = locking
        self.erase = erase
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that no approved legal hold is on an object.
    ///
    /// - Parameters:
    ///   - objectType: the kind of object.
    ///   - id: an expression of SQL that gives its id as text; trusted text.
    ///   - day: the day that must lie behind the hold.
    package mutating func appendInterpolation(notHeld objectType: String, id: String, on day: CalendarDay) {
        appendLiteral("not exists (select from service_kit.legal_holds h where h.object_type = ")
        appendInterpolation(objectType)
        appendLiteral(" and h.object_id = \(id) and h.approved_at is not null and h.until_day >= ")
        appendInterpolation(PostgresValue.date(day.description))
        appendLiteral(")")
    }
}
