import Models
import Spreadsheets

/// A column of a sheet and the field of the API that it becomes.
package struct SheetColumn: Sendable {
    /// How the cells are read.
    ///
    /// Only the form is checked here; the rules live in the services.
    package enum Form: Sendable {
        /// Text without spaces at its ends.
        case text
        /// A code or long number, which Excel may have spoilt.
        case code
        /// A mobile number.
        case mobile
        /// A whole number.
        case integer
        /// A number of degrees or another measure.
        case decimal
        /// A day.
        case date
        /// A day and a time of Asia/Shanghai.
        case dateTime
        /// Texts separated by 、 or commas.
        case list
        /// One of the words of the sheet, each with the word of the API.
        case word([String: String])
    }

    /// The heading in the sheet.
    package let heading: String
    /// The field of the API.
    package let field: String
    /// How the cells are read.
    package let form: Form
    /// Whether a sheet without this heading is refused.
    package let isNeeded: Bool

    /// Describes a column.
    package init(_ heading: String, _ field: String, _ form: Form, isNeeded: Bool = true) {
        self.heading = heading
        self.field = field
        self.form = form
        self.isNeeded = isNeeded
    }
}

/// A field that names a row of another sheet.
package struct SheetReference: Sendable {
    /// The field.
    package let field: String
    /// The numbers of the sheets that it may point into.
    package let sheets: [String]

    /// Describes a reference.
    package init(_ field: String, to sheets: String...) {
        self.field = field
        self.sheets = sheets
    }
}

/// A sheet of the county pack: who takes its rows and how columns become fields.
package struct SheetDescription: Sendable {
    /// The two digits that the file's name begins with.
    package let number: String
    /// What a row is, for people.
    package let title: String
    /// The service that owns the rows.
    package let service: ServiceName
    /// The route of the bulk request.
    package let path: String
    /// The columns that are read; others are left alone.
    package let columns: [SheetColumn]
    /// The fields that name a row.
    package let key: [String]
    /// Fields that point to other rows.
    package var references: [SheetReference] = []
    /// Fields that services name in faults though no column bears them, with the heading to show.
    package var aliases: [String: String] = [:]
    /// Whether the owning service must know the divisions, which it learns from a topic, before it can judge the rows.
    package var needsDivisions = false
    /// The rows' order where rows refer to rows of the same sheet: lower stages are sent before higher ones.
    package var stage: (@Sendable (MappedRow) -> Int)?
    /// Changes fields that mean something else in some rows.
    package var adjust: (@Sendable (inout [String: FieldValue]) -> Void)?

    /// The headings without which the sheet is refused.
    package var neededHeadings: [String] { columns.filter(\.isNeeded).map(\.heading) }

    /// The heading of a field as a service names it in a fault (`/rows/3/name`, `strengths.0`, `name`); nil when the row
    /// as a whole is meant.
    package func heading(ofField field: String) -> String? {
        let parts = field.split { $0 == "/" || $0 == "." }.map(String.init)
        for part in parts {
            if let alias = aliases[part] { return alias }
            if let column = columns.first(where: { $0.field == part }) { return column.heading }
        }
        return nil
    }

    /// The field that a fault of a service means.
    func field(named field: String) -> String? {
        let parts = field.split { $0 == "/" || $0 == "." }.map(String.init)
        return parts.first { part in columns.contains { $0.field == part } || references.contains { $0.field == part } }
    }
}
