import Foundation
import Logging

/// Writes log lines as text or JSON, one write a line.
package struct SuiteLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    private let label: String
    private let format: LogFormat
    private let sink: any LogSink

    /// Makes the handler of a logger.
    package init(label: String, level: Logger.Level, format: LogFormat, sink: any LogSink) {
        self.label = label
        logLevel = level
        self.format = format
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { _, new in new } }
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        // The framework's own number of the request says less than the trace.
        fields["hb.request.id"] = nil
        if let error = event.error { fields["error.type"] = .string(String(reflecting: type(of: error))) }
        let line = LogLine(
            time: Date(), level: event.level, label: label, message: event.message.description,
            fields: fields.map { ($0.key, $0.value.description) }.sorted { $0.0 < $1.0 })
        sink.write(line.rendered(format))
    }
}

/// Where log lines go.
package protocol LogSink: Sendable {
    /// Writes a line, line break included, in one piece. Safe from any thread.
    func write(_ line: String)
}
