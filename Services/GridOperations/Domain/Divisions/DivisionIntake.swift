import Models

/// Decides what rows of divisions change: the chain of parents must exist, in the store or in the same request.
///
/// The installation's own county is known without a row, so that a slip in the first row of a sheet does not keep the
/// whole county out.
package struct DivisionIntake: Sendable {
    private var intake: Intake<DivisionCode, Division>
    private let county: DivisionCode?

    /// What became of each row.
    package var outcomes: [Numbered<RowOutcome>] { intake.outcomes }
    /// Divisions to write, new and changed.
    package var written: [Division] { intake.created + intake.changed }
    /// The events of what changed, in the order of writing.
    package var events: [any DivisionEvent] {
        intake.created.map { DivisionRegistered(division: $0.facts) as any DivisionEvent }
            + intake.changed.map { DivisionChanged(division: $0.facts) }
    }

    /// Decides over rows.
    ///
    /// - Parameters:
    ///   - known: the stored divisions among the codes of the rows and their parents.
    ///   - county: the installation's own county.
    package init(_ rows: [Numbered<Division>], known: [DivisionCode: Division], county: DivisionCode?) {
        intake = Intake(known: known)
        self.county = county
        // Parents first, wherever they stand in the sheet.
        for level in [DivisionLevel.county, .town, .community] {
            for row in rows where row.content.code.level == level { take(row) }
        }
    }

    private mutating func take(_ row: Numbered<Division>) {
        if let county, !row.content.code.digits.hasPrefix(county.digits) {
            // An installation is one county's: another's rows would be counted as its own.
            return intake.reject(
                row.row,
                RowFault(
                    field: "code", code: .outsideCounty, "不属于本县（\(county)），请核对代码，或导入该县自己的系统",
                    "it does not belong to this county (\(county)); check the code, or import it into that county's system"
                ))
        }
        if let parent = row.content.code.parent, parent != county, intake[parent] == nil {
            return intake.reject(
                row.row,
                RowFault(
                    field: "parentCode", code: .referenceUnknown, "上级区划 \(parent) 不存在，请先导入或改正上级",
                    "the parent division \(parent) is not known; import or correct it first"))
        }
        intake.take(row, key: row.content.code)
    }
}
