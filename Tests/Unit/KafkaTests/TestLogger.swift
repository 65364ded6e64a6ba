import Logging

/// Loggers for tests of the driver's pure parts.
enum TestLogger {
    /// Says nothing below `critical`.
    static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
