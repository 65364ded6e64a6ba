import Spreadsheets

/// Turns a row of a sheet into the fields of the API, or says what is wrong with its form.
package struct RowMapping: Sendable {
    /// The sheet.
    package let description: SheetDescription
    /// The name of the file, as faults name it.
    package let sheet: String

    /// Makes a mapping for one file.
    package init(_ description: SheetDescription, sheet: String) {
        self.description = description
        self.sheet = sheet
    }

    /// A row that is ready to be sent, or the faults of its form.
    ///
    /// `readable` holds what could be read of a row with faults, to find out later whose fault a reference to it was.
    package enum Outcome: Sendable {
        case row(MappedRow)
        case faults([ImportFault], readable: MappedRow)
    }

    /// Reads all cells of a row.
    package func map(_ row: SpreadsheetRow) -> Outcome {
        var fields: [String: FieldValue] = [:]
        var faults: [ImportFault] = []
        for column in description.columns {
            do {
                fields[column.field] = try row.readIfPresent(column.heading) { try Self.value($0, column.form) }
            } catch let fault as SpreadsheetFault {
                faults.append(ImportFault(fault, sheet: sheet, row: row.number))
            } catch let fault as UnknownWord {
                faults.append(
                    ImportFault(
                        sheet: sheet, row: row.number, column: column.heading, code: "unknown-word",
                        message: fault.message))
            } catch {
                faults.append(
                    ImportFault(
                        sheet: sheet, row: row.number, column: column.heading, code: "unreadable",
                        message: "此格无法识别，请核对。 The cell cannot be read: check it."))
            }
        }
        description.adjust?(&fields)
        let mapped = MappedRow(row: row.number, fields: fields)
        return faults.isEmpty ? .row(mapped) : .faults(faults, readable: mapped)
    }

    private struct UnknownWord: Error {
        let known: [String]

        var message: String {
            let list = known.joined(separator: "、")
            return "应填写以下之一：\(list)。 Enter one of: \(list)."
        }
    }

    private static func value(_ cell: SpreadsheetCell, _ form: SheetColumn.Form) throws -> FieldValue {
        switch form {
        case .text: .text(try cell.trimmedText())
        case .code: .text(try cell.longNumber())
        case .mobile: .text(try cell.mobileNumber())
        case .integer: .integer(try cell.integer())
        case .decimal: .decimal(try cell.double())
        case .date: .text(try cell.date().description)
        // Sheets are written in China, which has had one time without summer time since 1992.
        case .dateTime: .text(try cell.dateTime().description + "+08:00")
        case .list: .list(try items(cell.trimmedText()))
        case .word(let words): .text(try word(cell.trimmedText(), of: words))
        }
    }

    private static func items(_ text: String) -> [String] {
        text.split { "、，,；;".contains($0) }.map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    }

    private static func word(_ text: String, of words: [String: String]) throws -> String {
        if let word = words[text] { return word }
        // 村(社区) and 村（社区） are the same to a person.
        let plain = comparable(text)
        if let match = words.first(where: { comparable($0.key) == plain }) { return match.value }
        throw UnknownWord(known: words.keys.sorted())
    }

    private static func comparable(_ text: String) -> String {
        String(text.filter { !$0.isWhitespace }).replacing("（", with: "(").replacing("）", with: ")")
    }
}
