import Foundation
import GridOperationsService
import Testing

/// The calendar writer against a reader that is written after the grammar of RFC 5545, and knows nothing of the writer.
@Suite struct ICalendarTests {
    private static let start = Date(timeIntervalSince1970: 1_619_855_400)

    private func event(
        summary: String = "已预约", location: String = "会议室", status: ICalendar.Status = .confirmed, sequence: Int = 0
    ) -> ICalendar.Event {
        ICalendar.Event(
            uid: "018f@532923.tiaokuai.invalid", stamp: Self.start.addingTimeInterval(0.9), sequence: sequence,
            status: status, start: Self.start, end: Self.start.addingTimeInterval(3600), summary: summary,
            location: location, isBusy: status != .cancelled)
    }

    private func properties(_ event: ICalendar.Event) throws -> [String: String] {
        let lines = try CalendarLines(ICalendar.document(name: "甲", [event])).lines
        let begin = try #require(lines.firstIndex { $0 == ("BEGIN", "VEVENT") })
        let end = try #require(lines.firstIndex { $0 == ("END", "VEVENT") })
        let own = lines[(begin + 1)..<end]
        #expect(Set(own.map(\.name)).count == own.count)
        return Dictionary(uniqueKeysWithValues: own.map { ($0.name, $0.value) })
    }

    @Test func `an entry has its id, its times in UTC, its sequence and its status`() throws {
        let properties = try properties(event(status: .cancelled, sequence: 3))
        #expect(
            properties == [
                "UID": "018f@532923.tiaokuai.invalid", "DTSTAMP": "20210501T075000Z",
                "LAST-MODIFIED": "20210501T075000Z",
                "DTSTART": "20210501T075000Z", "DTEND": "20210501T085000Z", "SEQUENCE": "3", "STATUS": "CANCELLED",
                "SUMMARY": "已预约", "LOCATION": "会议室", "TRANSP": "TRANSPARENT",
            ])
    }

    @Test func `the calendar is whole, and the same content is the same bytes`() throws {
        let bytes = ICalendar.document(name: "一号,会议室", [event(), event()])
        #expect(bytes == ICalendar.document(name: "一号,会议室", [event(), event()]))
        let lines = try CalendarLines(bytes).lines
        #expect(lines.first?.name == "BEGIN" && lines.last?.name == "END" && lines.last?.value == "VCALENDAR")
        #expect(lines.filter { $0 == ("BEGIN", "VEVENT") }.count == 2)
        #expect(lines.contains { $0 == ("VERSION", "2.0") } && lines.contains { $0.name == "PRODID" })
        #expect(lines.contains { $0 == ("X-WR-CALNAME", "一号\\,会议室") })
    }

    @Test(arguments: [
        "a;b,c\\d", "第一行\n第二行", "回车\r\n换行", "单独\r回车", "", "制表\t符", "铃\u{7}声",
        String(repeating: "社区", count: 200), String(repeating: "x", count: 74), String(repeating: "y", count: 75),
        "👨‍👩‍👧‍👦" + String(repeating: "👍🏽", count: 40), "END:VEVENT\r\nEND:VCALENDAR",
        "a" + String(repeating: "é", count: 300),
    ]) func `any text comes back as it was, in lines of at most 75 octets`(text: String) throws {
        let properties = try properties(event(summary: text, location: text))
        // A line break is one, however it was written; the other controls have no place in a text.
        let expected = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing("\u{7}", with: "")
        for name in ["SUMMARY", "LOCATION"] {
            #expect(try CalendarLines.unescaped(try #require(properties[name])) == expected)
        }
    }
}

/// Content lines of a calendar, read strictly: CRLF, at most 75 octets, whole characters, `name:value`.
private struct CalendarLines {
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    typealias Line = (name: String, value: String)
    let lines: [Line]

    init(_ bytes: [UInt8]) throws {
        var logical: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.indices.first(where: { rest[$0] == 0x0d }), end + 1 < rest.endIndex,
                rest[end + 1] == 0x0a
            else { throw Fault(description: "a line without CRLF") }
            let line = rest[rest.startIndex..<end]
            guard line.count <= 75 else { throw Fault(description: "a line of \(line.count) octets") }
            guard !line.contains(0x0a), String(validating: line, as: UTF8.self) != nil else {
                throw Fault(description: "a torn character or a bare line feed")
            }
            if line.first == 0x20 {
                guard !logical.isEmpty else { throw Fault(description: "a continuation of nothing") }
                logical[logical.count - 1] += line.dropFirst()
            } else {
                logical.append(Array(line))
            }
            rest = rest[(end + 2)...]
        }
        lines = try logical.map { line in
            let text = String(decoding: line, as: UTF8.self)
            guard let match = text.unicodeScalars.firstIndex(of: ":") else {
                throw Fault(description: "no colon: \(text)")
            }
            let name = String(text.unicodeScalars[..<match])
            guard name.wholeMatch(of: /[A-Z-]+/) != nil else { throw Fault(description: "no name: \(text)") }
            let value = text.unicodeScalars[text.unicodeScalars.index(after: match)...]
            guard !value.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }) else {
                throw Fault(description: "a control character")
            }
            return (name, String(value))
        }
    }

    /// A text value (RFC 5545 3.3.11), strictly: nothing that must be escaped stands by itself.
    static func unescaped(_ value: String) throws -> String {
        var text = String.UnicodeScalarView()
        var scalars = value.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar != ";", scalar != "," else { throw Fault(description: "a bare \(scalar)") }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            switch scalars.next() {
            case "n", "N": text.append("\n")
            case let next? where ["\\", ";", ","].contains(next): text.append(next)
            default: throw Fault(description: "a bare backslash")
            }
        }
        return String(text)
    }
}
