import Logging

/// The logger of clients inside the command line: what they say is of interest only when asked for.
enum OperatorLogging {
    static func logger(isVerbose: Bool) -> Logger {
        var logger = Logger(label: "tiaokuai") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = isVerbose ? .debug : .error
        return logger
    }
}
