/// Which cells of a published row of counts stay hidden, because a person may be recognised by them (PR-13).
package enum SmallCells {
    /// Counts that may tell of a person.
    package static let range = 1...4

    /// The places of the cells to hide: the small ones; and where one alone is hidden, the smallest of the others too, or the
    /// total would tell it.
    package static func hidden(in counts: [Int]) -> Set<Int> {
        var hidden = Set(counts.indices.filter { range.contains(counts[$0]) })
        let next = counts.indices.filter { !hidden.contains($0) && counts[$0] > 0 }.min { counts[$0] < counts[$1] }
        if hidden.count == 1, let next { hidden.insert(next) }
        return hidden
    }
}
