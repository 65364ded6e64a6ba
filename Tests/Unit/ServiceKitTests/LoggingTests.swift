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
        ("tel:+8613812345678", "tel:+***"), ("座机0872-6123456。", "座机***。"), ("010-61234567", "***"),
        ("08726123456", "***"), ("2021-05-01 0012345678", "2021-05-01 0012345678"), ("0.5-1234567", "0.5-1234567"),
        ("postgres://runtime:s3c:r@t@127.0.0.1/x", "postgres://runtime:***@127.0.0.1/x"),
        ("https://example.org/a@b", "https://example.org/a@b"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer ***"),
        ("got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl.", "got ***"),
        ("body {\"name\":\"段正淳\",\"kind\": \"x\"}", "body {\"name\":\"***\",\"kind\": \"x\"}"),
        ("{\"fields\":{\"contactName\" : \"武丽\"}}", "{\"fields\":{\"contactName\" : \"***\"}}"),
        ("{\"姓名\":\"段正淳\"}", "{\"姓名\":\"***\"}"),
        ("{\"kind\":\"name\",\"a\":\"b\"}", "{\"kind\":\"name\",\"a\":\"b\"}"),
    ])
    func `numbers of persons are taken out, others are left`(_ text: String, _ expected: String) {
        #expect(LogScrubber.scrub(text) == expected)
        #expect(line(text).rendered(.text).contains(expected))
    }

    @Test(arguments: ["name", "contactName", "Mobile", "identityNumber", "password", "token", "姓名"])
    func `the value of a field that is named after something personal is never written`(_ field: String) {
        for format in LogFormat.allCases {
            let written = line("seen", [(field, "段正淳"), ("count", "3")]).rendered(format)
            #expect(!written.contains("段正淳") && written.contains("***") && written.contains("3"))
        }
    }

    @Test func `a JSON line keeps its form when a text in it holds JSON of a person`() throws {
        let text = line("read", [("body", "{\"name\":\"段正淳\",\"n\":1}")]).rendered(.json)
        let object = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        #expect(object["body"] == "{\"name\":\"***\",\"n\":1}")
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
