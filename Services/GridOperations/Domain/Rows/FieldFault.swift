/// A field as people know it, for the texts of faults.
package struct FieldName: Sendable, Hashable {
    /// The name in requests.
    package let key: String
    /// The name in Chinese texts.
    package let chinese: String
    /// The name in English texts.
    package let english: String

    /// Names a field.
    package init(_ key: String, _ chinese: String, _ english: String) {
        self.key = key
        self.chinese = chinese
        self.english = english
    }
}

/// What is wrong with one field of what was sent in: the cause and the next step, never a personal value.
package struct FieldFault: Sendable, Hashable {
    /// The stable codes of faults.
    package enum Code: String, Sendable, CaseIterable {
        case required
        case malformed
        case tooLong = "too-long"
        case notOneOf = "not-one-of"
        case notApplicable = "not-applicable"
        case outOfRange = "out-of-range"
        case inFuture = "in-future"
        case checkDigit = "check-digit"
        case levelMismatch = "level-mismatch"
        case parentMismatch = "parent-mismatch"
        case referenceUnknown = "reference-unknown"
        case duplicateRow = "duplicate-row"
        case boundaryInvalid = "boundary-invalid"
        case boundaryOutsideParent = "boundary-outside-parent"
        case boundaryOverlap = "boundary-overlap"
        case groupsOutside = "groups-outside"
        case roleLevel = "role-level"
        case roleTaken = "role-taken"
        case personDiffers = "person-differs"
        case anonymousWithReporter = "anonymous-with-reporter"
        case personalDataInText = "personal-data-in-text"
        case incidentOutsideGrids = "incident-outside-grids"
        case alreadyInHandling = "already-in-handling"
    }

    /// The field's name in the request.
    package let field: String
    /// The stable code.
    package let code: Code
    /// Cause and next step in Chinese.
    package let chinese: String
    /// Cause and next step in English.
    package let english: String

    /// Makes a fault of a field.
    package init(_ field: FieldName, _ code: Code, _ chinese: String, _ english: String) {
        self.field = field.key
        self.code = code
        self.chinese = chinese
        self.english = english
    }
}

/// Everything that is wrong with the fields of a request that stands for one thing.
package struct FieldFaults: Error, Sendable, Hashable {
    /// The faults; never empty.
    package let faults: [FieldFault]

    /// Gathers faults.
    package init(_ faults: [FieldFault]) { self.faults = faults }
}
