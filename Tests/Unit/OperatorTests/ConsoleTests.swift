import Operator
import Synchronization
import Testing

/// Gathers what a console writes.
private final class Transcript: Sendable {
    private let texts = Mutex<[(descriptor: Int32, text: String)]>([])
    var all: [(descriptor: Int32, text: String)] { texts.withLock { $0 } }

    func console(isTerminal: Bool, usesColour: Bool = false) -> Console {
        Console(
            outputIsTerminal: isTerminal, errorIsTerminal: isTerminal, usesColour: usesColour, width: 60
        ) { [self] descriptor, text in texts.withLock { $0.append((descriptor, text)) } }
    }
}

@Suite("What the terminal shows")
struct ConsoleTests {
    @Test func `a bar shows label, share and counts, and fits the terminal`() {
        let line = ProgressLine(label: "26_网格事件.csv", done: 1500, total: 3000)
        let bar = line.bar(width: 60)
        #expect(bar.hasPrefix("26_网格事件.csv ["))
        #expect(bar.hasSuffix("]  50% 1500/3000"))
        #expect(TextTable.width(of: bar) <= 60)
        let (full, empty) = (bar.count { $0 == "█" }, bar.count { $0 == "░" })
        #expect(full > 5 && abs(full - empty) <= 1)
        #expect(TextTable.width(of: line.bar(width: 20)) >= 20)
    }

    @Test func `a bar never runs over, and counts up without a total`() {
        #expect(ProgressLine(label: "a", done: 9, total: 3).bar(width: 60).contains("100%"))
        #expect(ProgressLine(label: "a", done: 9).bar(width: 60) == "a  9")
        #expect(ProgressLine(label: "a", done: 9, total: 10).plain == "a: 9/10")
    }

    @Test func `only a terminal gets a moving line`() {
        let terminal = Transcript()
        let moving = ProgressReporter(console: terminal.console(isTerminal: true))
        moving.begin("a", total: 10)
        moving.clear()
        #expect(terminal.all.contains { $0.text.contains("\r") })

        let pipe = Transcript()
        let plain = ProgressReporter(console: pipe.console(isTerminal: false))
        plain.begin("a", total: 10)
        for _ in 0..<10 { plain.advance(by: 1) }
        plain.clear()
        #expect(pipe.all.isEmpty)

        let quiet = Transcript()
        ProgressReporter(console: quiet.console(isTerminal: true), isQuiet: true).begin("a", total: 10)
        #expect(quiet.all.isEmpty)
    }

    @Test func `colours appear only where they may`() {
        #expect(Transcript().console(isTerminal: true, usesColour: true).colour("x", "31") == "\u{1B}[31mx\u{1B}[0m")
        #expect(Transcript().console(isTerminal: true).colour("x", "31") == "x")
        #expect(!Console.standard(environment: ["NO_COLOR": "1"]).usesColour)
    }

    @Test func `results go to standard output, the rest to standard error`() {
        let transcript = Transcript()
        let console = transcript.console(isTerminal: false)
        console.line("result")
        console.note("note")
        #expect(transcript.all.map(\.descriptor) == [1, 2])
    }

    @Test func `columns are aligned with Chinese characters counted as two`() {
        var table = TextTable([("名称", .left), ("n", .right)])
        table.add(["党支部", "68"])
        table.add(["ab", "1352"])
        #expect(table.lines == ["名称       n", "党支部    68", "ab      1352"])
    }
}
