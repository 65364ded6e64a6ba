/// What is wrong with a field of what was sent in: the cause and the next step, never a personal value.
package struct RowFault: Sendable, Hashable {
    /// The field's name in the request.
    package let field: String
    /// What kind of fault it is.
    package let code: Code
    /// Cause and next step in Chinese.
    package let chinese: String
    /// Cause and next step in English.
    package let english: String

    /// Makes a fault.
    package init(field: String, code: Code, _ chinese: String, _ english: String) {
        self.field = field
        self.code = code
        self.chinese = chinese
        self.english = english
    }
}

/// The faults of one row, or of a request that stands for one thing.
package struct RowFaults: Error, Sendable, Hashable {
    /// At least one.
    package let faults: [RowFault]

    /// Gathers faults.
    package init(_ faults: [RowFault]) { self.faults = faults }
}

extension RowFault {
    /// The stable code of a fault.
    ///
    /// The same fault has the same code in every service, so these are the codes that all of them share. What only one
    /// service can find has a code of that service, which its README lists.
    package struct Code: RawRepresentable, Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
        package let rawValue: String

        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral rawValue: String) { self.rawValue = rawValue }

        package var description: String { rawValue }

        /// A field that must be there and is not.
        package static let required: Code = "required"
        /// A text of another form than its field asks for, for example a division code or a mobile number.
        package static let malformed: Code = "malformed"
        /// A text longer than its field.
        package static let tooLong: Code = "too-long"
        /// A number that has another count of characters than its kind: identity numbers and credit codes.
        package static let length: Code = "length"
        /// A character that has no place in the field.
        package static let character: Code = "character"
        /// A check character that does not fit.
        package static let checkCharacter: Code = "check-character"
        /// A date of birth in an identity number that cannot be.
        package static let birthDate: Code = "birth-date"
        /// A word that is none of those of its field.
        package static let unknownWord: Code = "unknown-word"
        /// A day that the calendar does not have, or in another form.
        package static let notADay: Code = "not-a-day"
        /// A day or a time that has not come yet.
        package static let inFuture: Code = "in-future"
        /// A number, or a count of things, outside its range.
        package static let outOfRange: Code = "out-of-range"
        /// A division code that is not that of a village or community.
        package static let notACommunity: Code = "not-a-community"
        /// A field that does not go with the others of its row.
        package static let notApplicable: Code = "not-applicable"
        /// The thing that a row refers to is not here, or its event has not arrived yet.
        package static let referenceUnknown: Code = "reference-unknown"
        /// A row about something that lies outside the scope of who sends it.
        package static let outsideScope: Code = "outside-scope"
        /// The person had himself erased and has not agreed again.
        package static let erasedAtRequest: Code = "erased-at-request"
        /// It belongs to another county than the installation's.
        package static let outsideCounty: Code = "outside-county"
        /// Two rows of a request have the same key and contradict each other.
        package static let duplicateRow: Code = "duplicate-row"
    }
}
