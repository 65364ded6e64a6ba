import Foundation
import Synchronization

/// Threads for C calls that block.
///
/// Swift's cooperative pool must never wait in one.
enum ClientThread {
    /// Starts a thread that runs a body once.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        thread.stackSize = 512 * 1_024
        thread.start()
    }

    /// Makes the calling thread sleep; never call it from a task.
    static func pause(_ time: Duration) {
        Thread.sleep(forTimeInterval: Double(time.wholeMilliseconds) / 1_000)
    }

    /// Runs a blocking body on a thread of its own and returns what it returns.
    static func run<Value: Sendable>(name: String, _ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            start(name: name) { continuation.resume(returning: body()) }
        }
    }
}

/// A gate that opens once and that tasks can wait for with a time limit.
final class ExitLatch: Sendable {
    private struct State {
        var isOpen = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    /// Whether the gate is open.
    var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Opens the gate; everyone who waits goes on.
    func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters {
            waiter.resume(returning: true)
        }
    }

    /// Waits until the gate is open, at most for a time (nil: without limit); returns whether it is.
    func wait(timeout: Duration? = nil) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter: UInt64? = state.withLock { state in
                guard !state.isOpen else { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let waiter else { return continuation.resume(returning: true) }
            guard let timeout else { return }
            Task {
                // The sleep of a task that nobody cancels does not throw.
                try? await Task.sleep(for: timeout)
                state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: false)
            }
        }
    }
}
