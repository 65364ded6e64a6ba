/// The forms of a log line.
package enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, label, message, `key=value`.
    case text
    /// For machines: one JSON object a line.
    case json
}
