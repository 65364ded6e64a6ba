import Foundation

/// One line of the table: what was measured, against which budget.
struct Measurement: Sendable {
    /// What was measured.
    var what: String
    /// The figure as people read it.
    var figure: String
    /// The budget of the design, as people read it.
    var budget: String
    /// Whether the budget is met.
    var isMet: Bool
    /// What limits the figure, and other figures worth knowing.
    var note: String
}

/// Writes measurements as a Markdown table.
struct MeasurementTable {
    var measurements: [Measurement] = []

    var text: String {
        let head = "| what | figure | budget | met | note |\n|---|---|---|---|---|\n"
        return measurements.reduce(into: head) { text, line in
            text += "| \(line.what) | \(line.figure) | \(line.budget) | \(line.isMet ? "yes" : "NO") | \(line.note) |\n"
        }
    }
}

/// The middle of several figures.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[sorted.count / 2]
}

/// A percentile of many figures, 0 ...
///
/// 1.
func percentile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}

/// Seconds that something takes.
func seconds(_ body: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await body()
    return (ContinuousClock.now - start).inSeconds
}

extension Duration {
    /// The duration in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Double {
    /// With so many places after the point.
    func places(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
