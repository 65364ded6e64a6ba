import Foundation
import Models

/// Names an absence of somebody who holds a role in a grid.
package struct GridAbsenceID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// Days on which the holder of a role is away: from the first to before the second, days of the county.
package struct GridAbsence: Sendable, Hashable {
    /// The first day.
    package let from: CalendarDay
    /// The first day on which the holder is back.
    package let to: CalendarDay
    /// Who stands in; nil for nobody.
    package let substitute: PersonID?

    /// Gathers the fields.
    package init(from: CalendarDay, to: CalendarDay, substitute: PersonID? = nil) {
        self.from = from
        self.to = to
        self.substitute = substitute
    }
}

/// The end of a term as it is sent.
package struct GridTermDraft: Decodable, Sendable {
    /// The first day on which the role is held no longer; nil for no term.
    package var to: CalendarDay?

    /// The end of the term.
    ///
    /// - Throws: that it is not in the future; what ends today is ended by its own order.
    package func checked(today: CalendarDay) throws(RowFaults) -> CalendarDay? {
        guard let to, to <= today else { return to }
        throw RowFaults([
            RowFault(
                field: "to", code: .outOfRange, "任期届满日须在今天之后；今天结束请用结束任职",
                "a term ends after today; to end it today, end the holding")
        ])
    }
}

/// An absence as it is sent, nothing checked yet.
package struct GridAbsenceDraft: Decodable, Sendable {
    package var from: CalendarDay?
    package var to: CalendarDay?
    package var substituteAssignmentID: GridAssignmentID?

    /// The days of the absence.
    ///
    /// - Throws: all faults of what was sent.
    package func checked(today: CalendarDay) throws(RowFaults) -> (from: CalendarDay, to: CalendarDay) {
        var reader = RowReader()
        if from == nil { reader.add(.required("from")) }
        if to == nil { reader.add(.required("to")) }
        if let from, from < today {
            reader.add("from", .outOfRange, "请假不能从过去开始，请改为今天或以后", "an absence begins today or later; correct it")
        }
        if let from, let to, to <= from {
            reader.add("to", .outOfRange, "结束日须晚于开始日", "the end comes after the beginning; correct it")
        }
        guard reader.isSound, let from, let to else { throw RowFaults(reader.faults) }
        return (from, to)
    }
}

/// There is no such present holding in the scope.
package struct HoldingNotFound: Error, Sendable, Hashable {
    /// Makes the error.
    package init() {}
}
