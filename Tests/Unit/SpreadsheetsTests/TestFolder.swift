import Foundation

import Spreadsheets
import Testing

/// A folder of one test, removed with it.
final class TestFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "spreadsheets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // Nothing is left to do about a folder that cannot be removed.
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes bytes and returns the path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: url.appending(path: name))
        return path(name)
    }

    /// Writes text and returns the path.
    func file(_ name: String, _ text: String) throws -> String { try file(name, Array(text.utf8)) }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path) } }
}

/// All that a reader gives: rows and the faults between them.
struct ReadResult {
    var rows: [SpreadsheetRow] = []
    var faults: [SpreadsheetFault] = []

    init(_ reader: SpreadsheetReader) {
        while true {
            do throws(SpreadsheetFault) {
                guard let row = try reader.next() else { return }
                rows.append(row)
            } catch {
                faults.append(error)
                if error.endsSheet { return }
            }
        }
    }

    /// The texts of a column, blank cells as empty strings.
    func texts(_ heading: String) -> [String] { rows.map { $0[heading]?.text ?? "no such heading" } }
}

/// Returns the fault that a call throws, or nil when it throws none.
func fault<Value>(_ body: () throws -> Value) -> SpreadsheetFault? {
    do {
        _ = try body()
    } catch let fault as SpreadsheetFault {
        return fault
    } catch {
        Issue.record("\(error) is no fault of a spreadsheet")
    }
    return nil
}
