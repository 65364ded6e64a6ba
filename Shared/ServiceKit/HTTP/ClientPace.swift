import NIOCore

/// How long a client may take over a request and over an answer: a pure state machine over given times.
///
/// A time without any byte is no measure: whoever sends one byte a second is never idle, and holds a connection for ever.
package struct ClientPace: Sendable {
    private let limit: TimeAmount
    /// Since when a request has begun and is not whole.
    private var receivingSince: NIODeadline?
    /// Since when the client has taken nothing of what waits for it.
    private var blockedSince: NIODeadline?

    /// Gives a whole request, and each part of an answer that fills the buffer, the same time.
    package init(limit: TimeAmount) { self.limit = limit }

    /// Bytes of a request have come.
    package mutating func received(at now: NIODeadline) {
        if receivingSince == nil { receivingSince = now }
    }

    /// The request is whole.
    package mutating func receivedWhole() { receivingSince = nil }

    /// The buffer towards the client has filled, or has room again.
    package mutating func writable(_ isWritable: Bool, at now: NIODeadline) {
        blockedSince = isWritable ? nil : blockedSince ?? now
    }

    /// When the client's time is over; nil while it owes nothing.
    package var deadline: NIODeadline? {
        [receivingSince, blockedSince].compactMap { $0.map { $0 + limit } }.min()
    }
}

/// What the HTTP side tells the pace of the client: a request has come in whole.
struct RequestReceivedWhole: Sendable {}

/// Closes the connection of a client that is too slow.
///
/// It stands before the HTTP decoder, since a header that comes byte by byte is nothing to the handlers behind. One timer
/// a connection, which is not moved with every request: it looks, and is set again if it came too early.
final class ClientPaceHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var pace: ClientPace
    private var timer: Scheduled<Void>?
    private let onSlow: @Sendable () -> Void

    /// Tells `onSlow` before it closes a connection.
    init(limit: TimeAmount, onSlow: @escaping @Sendable () -> Void) {
        pace = ClientPace(limit: limit)
        self.onSlow = onSlow
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        pace.received(at: .now())
        arm(context)
        context.fireChannelRead(data)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is RequestReceivedWhole else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        pace.receivedWhole()
        promise?.succeed()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pace.writable(context.channel.isWritable, at: .now())
        arm(context)
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    private func arm(_ context: ChannelHandlerContext) {
        guard timer == nil, let deadline = pace.deadline else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.look(context) }
    }

    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline = pace.deadline, deadline <= .now() else { return arm(context) }
        onSlow()
        context.close(promise: nil)
    }
}
