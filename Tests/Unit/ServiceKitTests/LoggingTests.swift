import Foundation
import Logging
import ServiceKit
import Synchronization
import Testing

struct LoggingTests {
    private final class Lines: LogSink {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func write(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private func line(_ message: String, _ fields: [(String, String)] = []) -> LogLine {
        LogLine(
            time: Date(timeIntervalSince1970: 1_619_855_400), level: .warning, label: "grid", message: message,
            fields: fields)
    }

    @Test func `a text line has time, level, label, message and fields`() {
        #expect(
            line("moved", [("count", "3"), ("reason", "a \"b\"")]).rendered(.text)
                == "2021-05-01T07:50:00.000Z WARNING grid: moved count=3 reason=\"a \\\"b\\\"\"\n")
    }

    @Test func `a value cannot pretend to be the next line`() {
        let text = line("one\ntwo", [("a", "x\ny=\"z\"")]).rendered(.text)
        #expect(text.filter(\.isNewline).count == 1 && text.hasSuffix("\n"))
    }

    @Test func `a JSON line is one object, whatever the values hold`() throws {
        let text = line("引号\"\\\n\u{1}", [("message", "m"), ("路", "\t/")]).rendered(.json)
        #expect(text.filter(\.isNewline).count == 1)
        let object = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        #expect(
            object == [
                "time": "2021-05-01T07:50:00.000Z", "level": "warning", "logger": "grid", "message": "引号\"\\\n\u{1}",
                "field.message": "m", "路": "\t/",
            ])
    }

    @Test(arguments: [
        ("call 13812345678 now", "call *** now"), ("id=53292319900307123X.", "id=***."),
        ("532923199003071234", "***"), ("13812345678,19912345678", "***,***"), ("电话13812345678。", "电话***。"),
        ("12812345678", "12812345678"), ("532923100001", "532923100001"), ("138123456789", "138123456789"),
        ("4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e4736"), ("nothing", "nothing"),
    ])
    func `numbers of persons are taken out, others are left`(_ text: String, _ expected: String) {
        #expect(LogScrubber.scrub(text) == expected)
        #expect(line(text).rendered(.text).contains(expected))
    }

    @Test func `the handler writes what its level allows, with metadata and without the error's words`() {
        struct Unlucky: Error { let phone = "13812345678" }
        let lines = Lines()
        var logger = Logger(label: "x") { SuiteLogHandler(label: $0, level: .info, format: .text, sink: lines) }
        logger[metadataKey: "trace"] = "abc"
        logger[metadataKey: "hb.request.id"] = "17"
        logger.debug("not written")
        logger.info("written", metadata: ["b": "2"])
        logger.error("failed", error: Unlucky())
        #expect(lines.all.count == 2)
        #expect(lines.all[0].hasSuffix("INFO x: written b=2 trace=abc\n"))
        #expect(lines.all[1].contains("error.type=") && lines.all[1].contains("Unlucky"))
        #expect(!lines.all[1].contains("138"))
    }
}
