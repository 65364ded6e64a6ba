import Logging
import Messaging

/// Sets the process's logging up, once.
enum LoggingSetup {
    /// Makes every logger of the process write in the settings' level and form, with the trace of the present task.
    static func bootstrap(settings: SettingsReader) throws {
        let level = Logger.Level(rawValue: try settings.string("log.level")) ?? .info
        let format = LogFormat(rawValue: try settings.string("log.format")) ?? .text
        let sink = StandardError()
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = SuiteLogHandler(label: label, level: level, format: format, sink: sink)
                handler.metadataProvider = provider
                return handler
            },
            metadataProvider: Logger.MetadataProvider {
                guard let trace = TraceContext.traceparent.flatMap(Traceparent.init) else { return [:] }
                return [LogKeys.trace: .string(trace.traceID)]
            })
    }
}
