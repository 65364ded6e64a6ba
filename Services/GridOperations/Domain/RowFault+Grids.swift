import Models

/// The codes of faults that only this service finds; `RowFault.Code` has those of every service.
extension RowFault.Code {
    /// A level that does not fit the length of the code.
    package static let levelMismatch: RowFault.Code = "level-mismatch"
    /// A parent that does not fit the code.
    package static let parentMismatch: RowFault.Code = "parent-mismatch"
    /// A boundary that is open or crosses itself.
    package static let boundaryInvalid: RowFault.Code = "boundary-invalid"
    /// A boundary that reaches out of its area.
    package static let boundaryOutsideParent: RowFault.Code = "boundary-outside-parent"
    /// A boundary that overlaps that of a sibling.
    package static let boundaryOverlap: RowFault.Code = "boundary-overlap"
    /// A boundary that leaves a group of the area outside.
    package static let groupsOutside: RowFault.Code = "groups-outside"
    /// A boundary that reaches out of the grids that it follows.
    package static let boundaryBeyond: RowFault.Code = "boundary-beyond"
    /// Boundaries that leave something of the grids out that they follow.
    package static let boundaryGap: RowFault.Code = "boundary-gap"
    /// A code of a grid that was used before.
    package static let codeUsed: RowFault.Code = "code-used"
    /// An absence on days of another.
    package static let absenceOverlaps: RowFault.Code = "absence-overlaps"
    /// A grid that was merged or split.
    package static let gridEnded: RowFault.Code = "grid-ended"
    /// Households of parts that do not add up to those of the whole.
    package static let householdsDiffer: RowFault.Code = "households-differ"
    /// A role that grids of this level do not have.
    package static let roleLevel: RowFault.Code = "role-level"
    /// A role of one holder that somebody holds.
    package static let roleTaken: RowFault.Code = "role-taken"
    /// An identity number with two names or mobile numbers.
    package static let personDiffers: RowFault.Code = "person-differs"
    /// An anonymous report that names its reporter.
    package static let anonymousWithReporter: RowFault.Code = "anonymous-with-reporter"
    /// A text that holds personal numbers.
    package static let personalDataInText: RowFault.Code = "personal-data-in-text"
    /// A point that lies in no grid.
    package static let incidentOutsideGrids: RowFault.Code = "incident-outside-grids"
    /// Other content for an old incident that is being handled.
    package static let alreadyInHandling: RowFault.Code = "already-in-handling"
}

extension RowReader {
    /// Holds the parent that is stated against the one that a code names by itself.
    mutating func parent(_ stated: String?, _ field: String, isRequired: Bool, expected: String) {
        guard let stated = FieldText.present(stated) else {
            if isRequired { add(.required(field)) }
            return
        }
        guard FieldText.code(stated) != expected else { return }
        add(
            field, .parentMismatch, "与编码不符，按编码应为 \(expected)，请核对两者",
            "it does not fit the code, which says \(expected); check both")
    }
}
