import CRdkafka
import Logging

extension Logger {
    /// Passes on a log event of librdkafka.
    func forward(log event: OpaquePointer) {
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 7
        guard rd_kafka_event_log(event, &facility, &text, &level) == 0, let text else { return }
        forward(syslog: level, text: String(cString: text))
    }

    /// Passes on a line that librdkafka logs at a syslog level (0 emergency … 7 debug).
    func forward(syslog level: Int32, text: String) {
        // Said at every look at the metadata of a broker older than 0.11, which the emulation claims to be.
        let isNoise = text.contains("allow.auto.create.topics=false not supported by broker")
        log(level: isNoise ? .trace : Logger.Level(syslog: level), "librdkafka: \(text)")
    }
}

extension Logger.Level {
    /// Creates the level that belongs to a syslog number.
    init(syslog: Int32) {
        self =
            switch syslog {
            case ...2: .critical
            case 3: .error
            case 4: .warning
            case 5: .notice
            case 6: .info
            default: .debug
            }
    }
}
