import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Postgres
import ServiceLifecycle
import Synchronization

/// One event of a stream of server-sent events (WHATWG HTML 9.2).
package struct ServerSentEvent: Sendable, Hashable {
    /// What the reader sends as `Last-Event-ID` when it comes back.
    package var id: String?
    /// The event's name.
    package var event: String?
    /// The data; line breaks are kept.
    package var data: String

    /// Makes an event.
    package init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The bytes on the wire.
    package var encoded: String {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        if let event { text += "event: \(Self.oneLine(event))\n" }
        let lines = data.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        for line in lines.split(separator: "\n", omittingEmptySubsequences: false) { text += "data: \(line)\n" }
        return text + "\n"
    }

    /// A line break in an id or a name would begin a field that nobody wrote.
    private static func oneLine(_ text: String) -> String {
        String(text.filter { !$0.isNewline && $0 != "\0" })
    }
}

/// A live stream of events to one reader.
///
/// The buffer is bounded. A reader that is too slow for it is dropped: its connection ends, and it comes back with
/// `Last-Event-ID` when it can. Safe from any thread.
package final class EventStream: Sendable {
    private let continuation: AsyncStream<String>.Continuation
    private let isOpenState = Mutex(true)
    private let drop: @Sendable () -> Void

    init(continuation: AsyncStream<String>.Continuation, drop: @escaping @Sendable () -> Void) {
        self.continuation = continuation
        self.drop = drop
    }

    /// Whether events can still reach the reader.
    package var isOpen: Bool { isOpenState.withLock { $0 } }

    /// Sends an event without waiting.
    ///
    /// - Returns: false when the stream is over; the producer should then return.
    @discardableResult
    package func send(_ event: ServerSentEvent) -> Bool { push(event.encoded) }

    /// Sends a comment, which readers ignore and which keeps the connection alive.
    @discardableResult
    func heartbeat() -> Bool { push(":\n\n") }

    /// Ends the stream; what is in the buffer is still sent.
    package func close() {
        isOpenState.withLock { $0 = false }
        continuation.finish()
    }

    private func push(_ text: String) -> Bool {
        guard isOpen else { return false }
        switch continuation.yield(text) {
        case .enqueued: return true
        case .dropped:
            // The writer may wait for the reader for ever; only the end of the connection frees it.
            close()
            drop()
            return false
        default:
            close()
            return false
        }
    }
}

extension EventStream {
    /// Answers a request with a stream.
    ///
    /// - Parameters:
    ///   - request: the request; its body is not read.
    ///   - context: the request's context.
    ///   - heartbeat: how often a comment is sent, so that both ends notice a dead connection.
    ///   - bufferedEventsMax: how many events may wait for a slow reader.
    ///   - produce: sends events until it is cancelled: when the reader goes, when it is too slow, or when the service
    ///     stops. The stream ends when it returns.
    package static func response(
        to request: Request, _ context: SuiteRequestContext, heartbeat: Duration = .seconds(15),
        bufferedEventsMax: Int = 256, produce: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        let channel = context.channel
        let logger = context.logger
        let expiresAt = context.caller?.expiresAt
        // The body is written when the route has returned: what the task knew must be carried over.
        let actor = Actor.current
        let settings = PostgresTaskSetting.current
        let body = ResponseBody { writer in
            let (events, continuation) = AsyncStream.makeStream(
                of: String.self, bufferingPolicy: .bufferingOldest(bufferedEventsMax))
            let stream = EventStream(continuation: continuation) {
                logger.info("slow reader dropped")
                channel.close(promise: nil)
            }
            let work = Task {
                await Actor.$current.withValue(actor) {
                    await PostgresTaskSetting.$current.withValue(settings) {
                        await stream.work(heartbeat: heartbeat, until: expiresAt, logger: logger, produce)
                    }
                }
            }
            defer { work.cancel() }
            // Told by the client's going and by the service's stopping, whichever comes first.
            try await withGracefulShutdownHandler {
                try await request.body.consumeWithInboundCloseHandler { _ in
                    // Sent at once, so that the reader knows that the stream stands; browsers come back after 2 s.
                    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                    for await text in events { try await writer.write(ByteBuffer(string: text)) }
                } onInboundClosed: {
                    stream.close()
                }
            } onGracefulShutdown: {
                stream.close()
                // A reader that does not take what is left must not hold up the end.
                channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .connection: "close"], body: body)
    }

    /// Produces events and heartbeats until cancelled; the stream ends with the producer.
    private func work(
        heartbeat: Duration, until end: Date?, logger: Logger,
        _ produce: @escaping @Sendable (EventStream) async throws -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A cancelled sleep, or a stream that is over, is the end.
                while (try? await Task.sleep(for: heartbeat)) != nil, self.heartbeat() {
                    // A stream must not outlive the token that opened it.
                    if let end, end < Date() { return self.close() }
                }
            }
            group.addTask {
                do {
                    try await produce(self)
                } catch {
                    if !Task.isCancelled {
                        logger.error("event stream failed", metadata: ["error": .string(ErrorNaming.safe(error))])
                    }
                }
                self.close()
            }
            await group.next()
            group.cancelAll()
        }
    }
}
