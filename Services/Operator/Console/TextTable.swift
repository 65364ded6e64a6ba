/// A table in columns of equal width, Chinese characters counted as two.
package struct TextTable: Sendable {
    /// How a column is aligned.
    package enum Alignment: Sendable {
        case left
        case right
    }

    private let headings: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// Begins a table.
    package init(_ columns: [(heading: String, alignment: Alignment)]) {
        headings = columns.map(\.heading)
        alignments = columns.map(\.alignment)
    }

    /// Adds a row; cells that are missing are empty.
    package mutating func add(_ cells: [String]) {
        rows.append((0..<headings.count).map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The lines of the table, headings first.
    package var lines: [String] {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { Self.width(of: $0[column]) }.max() ?? 0 }
        return all.map { cells in
            let padded = cells.indices.map { column in
                let gap = String(repeating: " ", count: widths[column] - Self.width(of: cells[column]))
                return alignments[column] == .right ? gap + cells[column] : cells[column] + gap
            }
            return String(padded.joined(separator: "  ").trimmingSuffix { $0 == " " })
        }
    }

    /// Columns of a terminal that a text takes: East Asian wide characters take two, combining marks none.
    package static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { total, scalar in
            switch scalar.value {
            case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: total
            case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
                0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                total + 2
            default: total + 1
            }
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !predicate($0) }) else { return "" }
        return self[...last]
    }
}
