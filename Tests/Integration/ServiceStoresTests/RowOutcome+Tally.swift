import Models

extension [Numbered<RowOutcome>] {
    /// Rows by outcome: `accepted`, `unchanged`, or the codes of the faults.
    var tally: [String: Int] {
        reduce(into: [:]) { tally, outcome in
            switch outcome.content {
            case .accepted: tally["accepted", default: 0] += 1
            case .unchanged: tally["unchanged", default: 0] += 1
            case .rejected(let faults):
                tally[faults.map { "\($0.field):\($0.code)" }.joined(separator: ","), default: 0] += 1
            }
        }
    }
}
