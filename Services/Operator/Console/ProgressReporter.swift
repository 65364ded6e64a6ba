import Synchronization

/// Shows how far work is: a bar that moves on a terminal; elsewhere a plain line now and then.
///
/// Safe to use from any task.
package final class ProgressReporter: Sendable {
    private struct State {
        var line = ProgressLine(label: "")
        var lastShown: ContinuousClock.Instant?
        var isDrawn = false
    }

    private let console: Console
    private let isQuiet: Bool
    private let state = Mutex(State())

    /// Time between two drawings of the bar.
    private static let drawingInterval = Duration.milliseconds(80)
    /// Time between two plain lines.
    private static let plainInterval = Duration.seconds(5)

    /// Makes a reporter; a quiet one shows nothing.
    package init(console: Console, isQuiet: Bool = false) {
        self.console = console
        self.isQuiet = isQuiet
    }

    /// Begins another piece of work.
    package func begin(_ label: String, total: Int?) {
        state.withLock { state in
            state.line = ProgressLine(label: label, total: total)
            state.lastShown = console.errorIsTerminal ? nil : .now
            show(&state)
        }
    }

    /// Counts rows that are done.
    package func advance(by count: Int) {
        state.withLock { state in
            state.line.done += count
            show(&state)
        }
    }

    /// Takes the bar away, so that other lines can be written.
    package func clear() {
        state.withLock { state in
            if state.isDrawn { console.draw("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    private func show(_ state: inout State) {
        guard !isQuiet else { return }
        let now = ContinuousClock.now
        let interval = console.errorIsTerminal ? Self.drawingInterval : Self.plainInterval
        if let last = state.lastShown, now - last < interval { return }
        state.lastShown = now
        if console.errorIsTerminal {
            console.draw("\r\u{1B}[K" + state.line.bar(width: console.width))
            state.isDrawn = true
        } else {
            console.note(state.line.plain)
        }
    }
}
