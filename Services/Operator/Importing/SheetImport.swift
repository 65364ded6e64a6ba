import Spreadsheets

/// Imports one file: reads it row by row, sends batches, gathers faults.
///
/// Memory is bounded by the batches under way, except for sheets whose rows refer to each other, which are small.
package struct SheetImport: Sendable {
    private let file: PackFolder.File
    private let description: SheetDescription
    private let sender: any BulkSender
    private let progress: ProgressReporter
    private let settlement: BatchSettlement

    /// Batches of a sheet that are under way at a time.
    private static let batchesMax = 4

    /// Prepares the import of a file.
    package init(
        _ file: PackFolder.File, description: SheetDescription, sender: any BulkSender, refused: RefusedRows,
        progress: ProgressReporter
    ) {
        self.file = file
        self.description = description
        self.sender = sender
        self.progress = progress
        settlement = BatchSettlement(description: description, sheet: file.name, refused: refused)
    }

    private struct Batch: Sendable {
        let rows: [MappedRow]
        let answer: BulkAnswer
    }

    /// What has been found out so far.
    private struct Tally {
        var outcome: SheetOutcome
        var faults: [ImportFault] = []
        var refusedRows: Set<Int> = []
        /// Rows that the service refused, of sheets whose rows refer to each other.
        var held: [MappedRow] = []
        /// Whether rows are sent that were sent before.
        var isRepeat = false
    }

    /// Imports the file.
    ///
    /// - Returns: counts and faults; a file that cannot be read at all is a fault without a row.
    /// - Throws: `ServiceFailure` when the service is away for longer than the client's patience.
    package func run() async throws -> (SheetOutcome, [ImportFault]) {
        progress.begin(file.name, total: file.rows)
        var tally = Tally(outcome: SheetOutcome(sheet: file.name))
        let reader: SpreadsheetReader
        do throws(SpreadsheetFault) {
            reader = try SpreadsheetReader.open(file.path, requiredHeadings: description.neededHeadings)
        } catch {
            return (tally.outcome, [ImportFault(error, sheet: file.name)])
        }
        var rows = SheetRows(reader: reader, mapping: RowMapping(description, sheet: file.name))
        if let stage = description.stage {
            var all: [MappedRow] = []
            while let row = next(&rows, &tally) { all.append(row) }
            try await send(all, by: stage, &tally)
            try await sendHeldAgain(by: stage, &tally)
        } else {
            try await send(&tally) { tally in batch(&rows, &tally) }
        }
        try await sendTwins(rows.twins, &tally)
        return (tally.outcome, tally.faults.sorted { ($0.row ?? 0) < ($1.row ?? 0) })
    }

    /// Sends rows stage after stage, so that what others refer to is there first.
    private func send(_ rows: [MappedRow], by stage: @Sendable (MappedRow) -> Int, _ tally: inout Tally) async throws {
        let stages = Dictionary(grouping: rows, by: stage)
        for stage in stages.keys.sorted() {
            try await send(stages[stage] ?? [], &tally)
        }
    }

    private func send(_ rows: [MappedRow], _ tally: inout Tally) async throws {
        var rest = rows[...]
        try await send(&tally) { _ in
            let batch = Array(rest.prefix(BulkBody.rowsMax))
            rest = rest.dropFirst(BulkBody.rowsMax)
            return batch
        }
    }

    /// Sends refused rows again until a round takes none of them.
    ///
    /// A row may stand only against what a later row changes, such as a boundary against its neighbour's old one. Were it
    /// left out, importing the same sheet again would change something.
    private func sendHeldAgain(by stage: @Sendable (MappedRow) -> Int, _ tally: inout Tally) async throws {
        tally.isRepeat = true
        var taken = 1
        while taken > 0, !tally.held.isEmpty {
            let again = tally.held
            let numbers = Set(again.map(\.row))
            tally.held = []
            tally.outcome.rejected -= again.count
            tally.refusedRows.subtract(numbers)
            settlement.refused.forget(numbers, of: file.name)
            tally.faults.removeAll { fault in fault.row.map(numbers.contains) ?? false }
            try await send(again, by: stage, &tally)
            taken = again.count - tally.held.count
        }
    }

    private func next(_ rows: inout SheetRows, _ tally: inout Tally) -> MappedRow? {
        while let item = rows.next() {
            tally.outcome.rows += item.isRow ? 1 : 0
            switch item {
            case .row(let row): return row
            case .twin: continue
            case .faults(let faults, let readable):
                refuse(readable.row, faults, &tally)
                settlement.remember(readable, faults: faults)
            case .unreadable(let fault):
                if let row = fault.row { refuse(row, [fault], &tally) } else { tally.faults.append(fault) }
            }
        }
        return nil
    }

    private func refuse(_ row: Int, _ faults: [ImportFault], _ tally: inout Tally) {
        tally.outcome.rejected += 1
        tally.refusedRows.insert(row)
        tally.faults += faults
        progress.advance(by: 1)
    }

    private func batch(_ rows: inout SheetRows, _ tally: inout Tally) -> [MappedRow] {
        var batch: [MappedRow] = []
        while batch.count < BulkBody.rowsMax, let row = next(&rows, &tally) { batch.append(row) }
        return batch
    }

    /// Sends batches, several at a time, until there is none left.
    private func send(_ tally: inout Tally, _ nextBatch: (inout Tally) -> [MappedRow]) async throws {
        try await withThrowingTaskGroup(of: Batch.self) { group in
            var underWay = 0
            while true {
                let rows = nextBatch(&tally)
                if rows.isEmpty { break }
                if underWay == Self.batchesMax, let batch = try await group.next() {
                    underWay -= 1
                    settle(batch, &tally)
                }
                underWay += 1
                group.addTask { [sender, description] in
                    Batch(rows: rows, answer: try await sender.send(rows, to: description))
                }
            }
            for try await batch in group { settle(batch, &tally) }
        }
    }

    private func settle(_ batch: Batch, _ tally: inout Tally) {
        tally.outcome.accepted += batch.answer.accepted
        tally.outcome.unchanged += batch.answer.unchanged
        tally.outcome.rejected += batch.answer.rejected
        let refused = Set(batch.answer.results.filter { $0.outcome == "rejected" }.map(\.row))
        tally.refusedRows.formUnion(refused)
        if description.stage != nil { tally.held += batch.rows.filter { refused.contains($0.row) } }
        tally.faults += settlement.faults(of: batch.answer, sent: batch.rows)
        if !tally.isRepeat { progress.advance(by: batch.rows.count) }
    }

    /// Rows with the key of an earlier row and other content come last: they are faults of the sheet, unless the earlier
    /// row was refused and so this is the only sound one.
    private func sendTwins(_ twins: [SheetRows.Twin], _ tally: inout Tally) async throws {
        var sound: [MappedRow] = []
        for twin in twins {
            if tally.refusedRows.contains(twin.first) {
                sound.append(twin.row)
            } else {
                let heading = description.key.last.flatMap { description.heading(ofField: $0) }
                let fault = ImportFault(
                    sheet: file.name, row: twin.row.row, column: heading, code: "duplicate-row",
                    message: "与第\(twin.first)行重复但内容不同，请保留正确的一行。 It repeats row \(twin.first) with other content: "
                        + "keep the right one.")
                refuse(twin.row.row, [fault], &tally)
            }
        }
        try await send(sound, &tally)
    }
}
