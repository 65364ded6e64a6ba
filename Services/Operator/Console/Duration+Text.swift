extension Duration {
    /// The span in milliseconds.
    var milliseconds: Double { Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15 }
}

extension Double {
    /// The number with some decimal places, for people.
    func rounded(toPlaces places: Int) -> String {
        let scale = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = Int64((self * scale).rounded())
        guard places > 0 else { return String(scaled) }
        let fraction = String(abs(scaled) % Int64(scale))
        let padding = String(repeating: "0", count: max(0, places - fraction.utf8.count))
        return "\(scaled < 0 ? "-" : "")\(abs(scaled) / Int64(scale)).\(padding)\(fraction)"
    }
}
