/// The rows of one sheet of an xlsx file.
final class WorkbookSource: RowSource {
    let sheetName: String
    let hasFixedWidth = false
    private let stream: XMLStream
    private let handler: WorksheetHandler
    private var isAtEnd = false
    private var fault: SpreadsheetFault?

    /// Opens the sheet of that name, or the first that is not hidden.
    init(path: String, sheet: String?, limits: SpreadsheetLimits) throws(SpreadsheetFault) {
        let archive = try ZipArchive(path: path, limits: limits)
        let package = try RelationshipsHandler.read(archive, of: "")
        guard let main = package.first(where: { $0.role == "officeDocument" })?.target,
            let mainPart = try archive.part(main)
        else { throw SpreadsheetFault(.notASpreadsheet) }
        let workbook = WorkbookHandler()
        try XMLStream.parse(mainPart, workbook)
        let relationships = try RelationshipsHandler.read(archive, of: main)

        let chosen = try Self.choose(sheet, from: workbook.sheets)
        let target = relationships.first { $0.id == chosen.relationship && $0.role == "worksheet" }?.target
        guard let target, let part = try archive.part(target) else { throw SpreadsheetFault(.damagedWorkbook) }
        let styles = StylesHandler()
        if let part = try Self.part("styles", of: relationships, archive) { try XMLStream.parse(part, styles) }
        let strings = SharedStrings(limits: limits)
        if let part = try Self.part("sharedStrings", of: relationships, archive) { try XMLStream.parse(part, strings) }

        sheetName = chosen.name
        handler = WorksheetHandler(
            strings: strings, isDate: styles.isDate, usesDateSystem1904: workbook.usesDateSystem1904, limits: limits)
        stream = try XMLStream(part, handler)
    }

    func next() throws(SpreadsheetFault) -> RawRow? {
        while true {
            if let row = handler.takeRow() { return row }
            if let fault { throw fault }
            if isAtEnd { return nil }
            do throws(SpreadsheetFault) {
                isAtEnd = try !stream.advance()
            } catch {
                // The rows before the fault come first.
                fault = error
            }
        }
    }

    private static func choose(
        _ name: String?, from sheets: [WorkbookHandler.Sheet]
    ) throws(SpreadsheetFault) -> WorkbookHandler.Sheet {
        if let name {
            guard let sheet = sheets.first(where: { $0.name == name }) else {
                throw SpreadsheetFault(.unknownSheet, name)
            }
            return sheet
        }
        guard let sheet = sheets.first(where: { !$0.isHidden }) ?? sheets.first else {
            throw SpreadsheetFault(.emptySheet)
        }
        return sheet
    }

    private static func part(
        _ role: String, of relationships: [RelationshipsHandler.Relationship], _ archive: ZipArchive
    ) throws(SpreadsheetFault) -> ZipPart? {
        guard let target = relationships.first(where: { $0.role == role })?.target else { return nil }
        return try archive.part(target)
    }
}
