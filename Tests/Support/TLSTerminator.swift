import Kafka
import NIOCore
import NIOPosix
import NIOSSL

/// Speaks TLS in front of the emulated broker, which speaks none: what comes in is passed on in the clear, and the
/// broker's answers name the terminator's address in place of its own.
package final class TLSTerminator: Sendable {
    /// The port to connect to, on the loopback address.
    package let port: UInt16
    private let listener: any Channel

    /// Starts in front of a broker, with the certificate that clients shall see.
    package static func start(
        for broker: EmulatedBroker, as identity: LocalAuthority.Identity
    ) async throws -> TLSTerminator {
        guard let brokerPort = broker.bootstrapServers.split(separator: ":").last.flatMap({ UInt16($0) }) else {
            throw ChildProcess.Failure(description: "the broker has no port")
        }
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(identity.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem)))
        let context = try NIOSSLContext(configuration: configuration)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { client in
                let advertised = UInt16(clamping: client.localAddress?.port ?? 0)
                return ClientBootstrap(group: client.eventLoop).channelInitializer { server in
                    server.eventLoop.makeCompletedFuture {
                        let rewriter = BrokerAddressRewriter(brokerPort: brokerPort, advertisedPort: advertised)
                        try server.pipeline.syncOperations.addHandler(PassingHandler(to: client, rewriter: rewriter))
                    }
                }.connect(host: "127.0.0.1", port: Int(brokerPort)).flatMapThrowing { server in
                    let pipeline = client.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLServerHandler(context: context))
                    try pipeline.addHandler(PassingHandler(to: server, rewriter: nil))
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        return TLSTerminator(listener)
    }

    private init(_ listener: any Channel) {
        self.listener = listener
        port = UInt16(clamping: listener.localAddress?.port ?? 0)
    }

    /// Ends the listening.
    package func stop() { listener.close(promise: nil) }
}

/// Passes what comes on one connection to another of the same event loop.
private final class PassingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private var rewriter: BrokerAddressRewriter?

    init(to other: any Channel, rewriter: BrokerAddressRewriter?) {
        self.other = other
        self.rewriter = rewriter
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if let rewritten = rewriter?.rewrite(ArraySlice(bytes.readableBytesView)) {
            bytes = ByteBuffer(bytes: rewritten)
        }
        other.writeAndFlush(bytes, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
