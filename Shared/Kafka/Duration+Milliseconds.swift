extension Duration {
    /// Whole milliseconds, rounded down; negative durations count as 0.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return max(0, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    /// Whole milliseconds for a C call, rounded up so that a wait never spins, at most `limit`.
    func cappedMilliseconds(_ limit: Int) -> Int32 {
        guard self > .zero else { return 0 }
        guard self < .milliseconds(limit) else { return Int32(limit) }
        return Int32(wholeMilliseconds + 1)
    }
}
