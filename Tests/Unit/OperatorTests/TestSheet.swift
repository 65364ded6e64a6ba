import Foundation
import Operator
import Spreadsheets
import Synchronization
import Testing

/// Sheets in a temporary folder, removed at the end.
final class TestPack {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("tk-pack-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        // Only a temporary folder is left behind.
        try? FileManager.default.removeItem(at: directory)
    }

    /// Writes a csv file and returns its path.
    @discardableResult
    func add(_ name: String, _ lines: String...) throws -> String {
        let file = directory.appendingPathComponent(name)
        try Data((lines.joined(separator: "\r\n") + "\r\n").utf8).write(to: file)
        return file.path
    }

    /// Maps the first row of a sheet.
    func map(_ number: String, _ lines: String...) throws -> RowMapping.Outcome {
        let description = try #require(SheetCatalogue.named(number))
        let file = directory.appendingPathComponent("\(number)_x.csv")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        let reader = try SpreadsheetReader.open(file.path, requiredHeadings: description.neededHeadings)
        let row = try #require(try reader.next())
        return RowMapping(description, sheet: "\(number)_x.csv").map(row)
    }
}

/// Takes rows as a service would, by a rule that the test gives.
final class TestSender: BulkSender {
    typealias Rule = @Sendable (MappedRow, SheetDescription) -> [BulkAnswer.Fault]

    private let rule: Rule
    private let taken = Mutex<[(sheet: String, rows: [MappedRow])]>([])

    init(_ rule: @escaping Rule = { _, _ in [] }) { self.rule = rule }

    /// The batches in the order in which they came.
    var batches: [(sheet: String, rows: [MappedRow])] { taken.withLock { $0 } }

    /// The rows of a sheet in the order in which they came.
    func rows(_ sheet: String) -> [MappedRow] { batches.filter { $0.sheet == sheet }.flatMap(\.rows) }

    func send(_ rows: [MappedRow], to description: SheetDescription) async throws -> BulkAnswer {
        taken.withLock { $0.append((description.number, rows)) }
        let results = rows.compactMap { row -> BulkAnswer.Result? in
            let faults = rule(row, description)
            return faults.isEmpty ? nil : BulkAnswer.Result(row: row.row, faults: faults)
        }
        return BulkAnswer(accepted: rows.count - results.count, unchanged: 0, results: results)
    }
}

extension TestPack {
    /// Imports the folder with a sender.
    func load(_ sender: TestSender) async throws -> ImportReport {
        try await PackImport(
            try PackFolder(directory.path), sender: sender,
            catchUp: ReaderCatchUp(patience: .seconds(1)) { _ in try TestFigures.none() },
            progress: ProgressReporter(console: Console { _, _ in }, isQuiet: true), announce: { _, _ in }
        ).run()
    }
}
