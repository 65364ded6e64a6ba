/// Builds the text exposition format 0.0.4 of Prometheus.
package struct PrometheusText: Sendable {
    /// The media type of the format.
    package static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// What has been written.
    package private(set) var content = ""

    package init() {}

    /// Begins a name; its samples must follow.
    mutating func begin(name: String, kind: MetricKind) { content += "# TYPE \(name) \(kind.rawValue)\n" }

    /// Writes a value.
    mutating func sample(_ name: String, _ labels: MetricLabels, _ value: Double) {
        content += "\(name)\(labels.rendered) \(Self.number(value))\n"
    }

    /// Writes a family of values that is read when it is asked for.
    mutating func family(_ name: String, _ kind: MetricKind, _ samples: [([(String, String)], Double)]) {
        guard !samples.isEmpty else { return }
        begin(name: name, kind: kind)
        for (labels, value) in samples { sample(name, MetricLabels(labels), value) }
    }

    /// A number without a needless fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }
}

/// Names as the format allows them.
enum MetricName {
    /// Letters, digits and `_`; everything else becomes `_`.
    static func plain(_ label: String) -> String {
        let name = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
        return name.first?.isNumber == true || name.isEmpty ? "_" + name : name
    }

    /// With the ending that counters have.
    static func counter(_ label: String) -> String { ending("_total", plain(label)) }

    /// With the unit of timers.
    static func seconds(_ label: String) -> String { ending("_seconds", plain(label)) }

    private static func ending(_ ending: String, _ name: String) -> String {
        name.hasSuffix(ending) ? name : name + ending
    }
}

/// A set of labels, rendered once, sorted by name.
struct MetricLabels: Hashable, Comparable, Sendable {
    private let pairs: String

    init(_ dimensions: [(String, String)]) {
        pairs =
            dimensions.sorted { $0.0 < $1.0 }
            .map { "\(MetricName.plain($0.0))=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
    }

    private init(pairs: String) { self.pairs = pairs }

    /// The labels in braces, or nothing.
    var rendered: String { pairs.isEmpty ? "" : "{\(pairs)}" }

    /// The same labels and one more at the end.
    func adding(_ name: String, _ value: String) -> MetricLabels {
        MetricLabels(pairs: (pairs.isEmpty ? "" : pairs + ",") + "\(name)=\"\(value)\"")
    }

    static func < (left: MetricLabels, right: MetricLabels) -> Bool { left.pairs < right.pairs }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
