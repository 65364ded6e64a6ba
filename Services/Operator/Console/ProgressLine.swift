/// One line that says how far a piece of work is.
package struct ProgressLine: Sendable, Equatable {
    /// What is being done.
    package var label: String
    /// How many rows are done.
    package var done: Int
    /// How many there are, if known.
    package var total: Int?

    /// Makes a line.
    package init(label: String, done: Int = 0, total: Int? = nil) {
        self.label = label
        self.done = done
        self.total = total
    }

    /// The share that is done, 0 to 1; nil while the total is not known.
    package var share: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, Double(done) / Double(total))
    }

    /// The line as a bar that fits a terminal: `26_网格事件 [██████░░░░]  60% 1800/3000`.
    package func bar(width: Int) -> String {
        guard let share, let total else { return "\(label)  \(done)" }
        let percent = String(Int(share * 100))
        let figures = "\(String(repeating: " ", count: 3 - percent.count))\(percent)% \(done)/\(total)"
        let room = width - TextTable.width(of: label) - figures.utf8.count - 6
        guard room >= 5 else { return "\(label) \(figures)" }
        let cells = min(room, 40)
        let full = Int(share * Double(cells))
        return
            "\(label) [\(String(repeating: "█", count: full))\(String(repeating: "░", count: cells - full))] \(figures)"
    }

    /// The line for a file or a pipe.
    package var plain: String { total.map { "\(label): \(done)/\($0)" } ?? "\(label): \(done)" }
}
