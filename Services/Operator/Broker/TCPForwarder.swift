import Kafka
import NIOCore
import NIOPosix

/// Takes connections on a fixed loopback port and passes their bytes on to an emulated broker, both ways.
///
/// The emulated cluster listens on ports that the system chooses; clients need one that stays the same over restarts.
/// What the broker says of its own port is rewritten on the way to the client (`BrokerAddressRewriter`), so that a
/// client knows the fixed port alone. Bounded: at most `connectionsMax` at a time, and a slow side slows the other down
/// instead of filling memory.
package final class TCPForwarder: Sendable {
    /// Connections at a time; further ones are closed at once.
    package static let connectionsMax = 256

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private let listener: NIOAsyncChannel<Connection, Never>
    private let target: SocketAddress
    /// As each connection begins with it.
    private let rewriter: BrokerAddressRewriter

    /// The port that it listens on.
    package let port: Int

    private init(listener: NIOAsyncChannel<Connection, Never>, target: SocketAddress, targetPort: UInt16) {
        self.listener = listener
        self.target = target
        port = listener.channel.localAddress?.port ?? 0
        rewriter = BrokerAddressRewriter(brokerPort: targetPort, advertisedPort: UInt16(port))
    }

    /// Begins to listen on 127.0.0.1.
    ///
    /// - Parameters:
    ///   - port: the port; 0 lets the system choose.
    ///   - target: `host:port` that connections are passed on to.
    /// - Throws: `OperatorError` (unavailable) when the port is taken.
    package static func listen(port: Int, target: String) async throws -> TCPForwarder {
        let parts = target.split(separator: ":").map(String.init)
        guard parts.count == 2, let targetPort = UInt16(parts[1]) else {
            throw OperatorError(.internalError, "代理地址 \(target) 无法识别。", "The address \(target) is not host:port.")
        }
        let address = try SocketAddress.makeAddressResolvingHost(parts[0], port: Int(targetPort))
        do {
            let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Connection(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: false))
                    }
                }
            return TCPForwarder(listener: listener, target: address, targetPort: targetPort)
        } catch let error as IOError {
            throw OperatorError(
                .unavailable, "端口 \(port) 无法监听（\(error.errnoCode)）：可能已被占用，请换一个 --port。",
                "The port \(port) cannot be listened on (\(error.errnoCode)): it may be taken; choose another --port.")
        }
    }

    /// Passes bytes on until the task is cancelled.
    package func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                let slots = ConnectionSlots(Self.connectionsMax)
                for try await connection in connections {
                    guard slots.take() else {
                        try await connection.executeThenClose { _, _ in }
                        continue
                    }
                    group.addTask { [target, rewriter] in
                        // A connection that breaks is the business of its two ends.
                        try? await Self.forward(connection, to: target, rewriter: rewriter)
                        slots.giveBack()
                    }
                }
            }
        }
    }

    private static func forward(
        _ client: Connection, to target: SocketAddress, rewriter: BrokerAddressRewriter
    ) async throws {
        try await client.executeThenClose { clientIn, clientOut in
            let server = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(2))
                .connect(to: target) { channel in
                    channel.eventLoop.makeCompletedFuture { try Connection(wrappingChannelSynchronously: channel) }
                }
            try await server.executeThenClose { serverIn, serverOut in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await copy(clientIn, to: serverOut) { $0 } }
                    group.addTask {
                        var rewriter = rewriter
                        await copy(serverIn, to: clientOut) {
                            ByteBuffer(bytes: rewriter.rewrite(Array($0.readableBytesView)[...]))
                        }
                    }
                    // Kafka has no half-closed connections: when one side ends, so does the other.
                    await group.next()
                    group.cancelAll()
                }
            }
        }
    }

    private static func copy(
        _ source: NIOAsyncChannelInboundStream<ByteBuffer>, to sink: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        changing change: (ByteBuffer) -> ByteBuffer
    ) async {
        do {
            for try await bytes in source { try await sink.write(change(bytes)) }
        } catch {
            // The connection broke, which ends the copying like its closing does.
        }
    }
}
