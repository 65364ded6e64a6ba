import CLibcurl
import Foundation
import Synchronization

/// Sends letters, by libcurl, on a thread of its own that holds a few connections to the server and uses them again.
///
/// libcurl's calls wait for the network, which a thread of the cooperative pool must never do.
package final class MailThread: Sendable {
    /// What the thread is asked to do.
    private enum Order: Sendable {
        case begin(MailTransfer)
        case cancel(UInt64)
    }

    private struct State: Sendable {
        var orders: [Order] = []
        var next: UInt64 = 0
        var waiting = 0
        var isStopping = false
    }

    /// libcurl's connections and transfers.
    ///
    /// - Note: `@unchecked Sendable`: invariant: used by the thread alone, but for `curl_multi_wakeup`, which libcurl
    ///   allows from any thread, and only between the start and the end of the thread (under the lock of the state).
    private final class Multi: @unchecked Sendable {
        let handle: UnsafeMutableRawPointer
        init(_ handle: UnsafeMutableRawPointer) { self.handle = handle }
    }

    /// More letters than this at once are not taken on.
    package static let waitingMax = 256
    private static let connectionsMax = 4
    private static let isReady = clibcurl_start() == CURLE_OK

    private let server: MailServer
    private let multi: Multi
    private let state: Shared

    /// The state outlives the sender until the thread has ended.
    private final class Shared: Sendable {
        let mutex = Mutex(State())
    }

    /// Starts the thread; nil where libcurl cannot be used.
    package init?(server: MailServer) {
        guard Self.isReady, let handle = curl_multi_init() else { return nil }
        self.server = server
        multi = Multi(handle)
        state = Shared()
        _ = clibcurl_multi_set_number(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connectionsMax)
        let (multi, state) = (multi, state)
        let thread = Thread { Self.run(multi, state) }
        thread.name = "mail"
        thread.start()
    }

    deinit {
        state.mutex.withLock {
            $0.isStopping = true
            curl_multi_wakeup(multi.handle)
        }
    }

    /// Sends a letter once.
    package func send(_ letter: Letter) async -> MailOutcome {
        let number: UInt64? = state.mutex.withLock { state in
            guard state.waiting < Self.waitingMax else { return nil }
            state.waiting += 1
            state.next += 1
            return state.next
        }
        guard let number else { return .failed(.busy) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                guard let transfer = MailTransfer(letter, to: server, number: number, answer: answer) else {
                    state.mutex.withLock { $0.waiting -= 1 }
                    answer.resume(returning: .failed(.other))
                    return
                }
                give(.begin(transfer))
            }
        } onCancel: {
            give(.cancel(number))
        }
    }

    private func give(_ order: Order) {
        state.mutex.withLock {
            $0.orders.append(order)
            curl_multi_wakeup(multi.handle)
        }
    }

    /// The thread's work.
    private static func run(_ multi: Multi, _ state: Shared) {
        var running: [UnsafeMutableRawPointer: MailTransfer] = [:]
        var cancelled: Set<UInt64> = []
        var newest: UInt64 = 0
        func end(_ transfer: MailTransfer, _ outcome: MailOutcome) {
            running[transfer.handle] = nil
            curl_multi_remove_handle(multi.handle, transfer.handle)
            state.mutex.withLock { $0.waiting -= 1 }
            transfer.end(outcome)
        }
        while true {
            let (orders, isStopping) = state.mutex.withLock { state in
                let orders = state.orders
                state.orders = []
                return (orders, state.isStopping)
            }
            for order in orders {
                switch order {
                case .begin(let transfer) where cancelled.remove(transfer.number) != nil:
                    state.mutex.withLock { $0.waiting -= 1 }
                    transfer.end(.failed(.cancelled))
                case .begin(let transfer):
                    newest = max(newest, transfer.number)
                    running[transfer.handle] = transfer
                    if curl_multi_add_handle(multi.handle, transfer.handle) != CURLM_OK {
                        end(transfer, .failed(.other))
                    }
                case .cancel(let number):
                    guard let transfer = running.values.first(where: { $0.number == number }) else {
                        // Either it has ended, or it has yet to come in: then it is given up when it does.
                        if number > newest { cancelled.insert(number) }
                        continue
                    }
                    let outcome = transfer.outcome(of: CURLE_ABORTED_BY_CALLBACK)
                    end(transfer, outcome == .unanswered ? outcome : .failed(.cancelled))
                }
            }
            if isStopping, running.isEmpty { break }
            var active: Int32 = 0
            curl_multi_perform(multi.handle, &active)
            var result = CURLE_OK
            while let handle = clibcurl_next_ended(multi.handle, &result) {
                guard let transfer = running[handle] else { continue }
                end(transfer, transfer.outcome(of: result))
            }
            curl_multi_poll(multi.handle, nil, 0, 1000, nil)
        }
        curl_multi_cleanup(multi.handle)
    }
}
