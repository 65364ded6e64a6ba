/// Turns the answer to a bulk request into faults of the sheet, and remembers what was refused.
struct BatchSettlement: Sendable {
    let description: SheetDescription
    let sheet: String
    let refused: RefusedRows

    /// Codes by which a service says that a reference leads nowhere.
    private static let referenceUnknown = "reference-unknown"

    /// The faults of an answer, in the order of rows.
    func faults(of answer: BulkAnswer, sent rows: [MappedRow]) -> [ImportFault] {
        let byNumber = Dictionary(rows.map { ($0.row, $0) }) { first, _ in first }
        var faults: [ImportFault] = []
        for result in answer.results where result.outcome == "rejected" {
            guard let row = byNumber[result.row] else { continue }
            var origin: RefusedRows.Place?
            for fault in result.faults {
                let blame = blame(for: fault, in: row)
                if let entry = blame?.entry {
                    origin = origin ?? entry.origin ?? RefusedRows.Place(sheet: entry.sheet, row: entry.row)
                }
                faults.append(importFault(fault, row: result.row, blame: blame))
            }
            let isCodeAtFault = result.faults.contains {
                description.field(named: $0.field) == description.key.first && $0.code != Self.referenceUnknown
            }
            remember(row, isCodeAtFault: isCodeAtFault, origin: origin)
        }
        return faults
    }

    /// Remembers a row whose form was wrong.
    func remember(_ row: MappedRow, faults: [ImportFault]) {
        let keyHeading = description.key.first.flatMap { description.heading(ofField: $0) }
        remember(row, isCodeAtFault: faults.contains { $0.column == keyHeading }, origin: nil)
    }

    private func remember(_ row: MappedRow, isCodeAtFault: Bool, origin: RefusedRows.Place?) {
        // Only sheets that others refer to by a code; what identifies a person is never kept.
        guard SheetCatalogue.all.contains(where: { $0.references.contains { $0.sheets.contains(description.number) } })
        else { return }
        refused.add(
            RefusedRows.Entry(sheet: sheet, row: row.row, origin: origin), sheet: description.number,
            code: description.key.first.flatMap { row.fields[$0]?.text }, isCodeAtFault: isCodeAtFault,
            boundary: row.fields["boundary"]?.text)
    }

    private func blame(for fault: BulkAnswer.Fault, in row: MappedRow) -> RefusedRows.Blame? {
        if fault.code == Self.referenceUnknown,
            let field = description.field(named: fault.field),
            let reference = description.references.first(where: { $0.field == field }),
            let code = row.fields[field]?.text
        {
            return refused.blame(for: code, in: reference.sheets)
        }
        if fault.code.hasSuffix("outside-grids"), let longitude = row.fields["longitude"]?.number,
            let latitude = row.fields["latitude"]?.number
        {
            return refused.blame(longitude: longitude, latitude: latitude)
        }
        return nil
    }

    private func importFault(_ fault: BulkAnswer.Fault, row: Int, blame: RefusedRows.Blame?) -> ImportFault {
        let words = [fault.message, fault.messageEn].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        var told = ImportFault(
            sheet: sheet, row: row, column: description.heading(ofField: fault.field), code: fault.code,
            message: blame.map { "\(words) \($0.words)" } ?? words)
        told.isConsequence = blame != nil
        return told
    }
}
