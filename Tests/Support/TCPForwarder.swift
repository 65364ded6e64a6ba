import Foundation
import Glibc
import Kafka
import Synchronization

/// A stable address of 127.0.0.1 in front of an emulated broker, which may be replaced by one on another port.
///
/// Clients learn the stable address only, see `BrokerAddressRewriter`.
package final class TCPForwarder: Sendable {
    private struct State {
        var target: UInt16?
        var sockets: Set<Int32> = []
        var isStopped = false
    }

    /// An error of the operating system.
    package struct Failure: Error {
        /// `errno`.
        let code: Int32
    }

    /// The port to connect to.
    package let port: UInt16

    private let listener: Int32
    private let state = Mutex(State())

    /// Listens on a free port; connections are refused until `forward(to:)`.
    package init() throws {
        let (descriptor, port) = try Self.listen()
        listener = descriptor
        self.port = port
        Thread.detachNewThread { [self] in accept() }
    }

    /// Sends new connections to this port from now on and cuts those that exist; nil refuses new ones.
    package func forward(to target: UInt16?) {
        let cut = state.withLock { state in
            state.target = target
            defer { state.sockets = [] }
            return state.sockets
        }
        for descriptor in cut { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Ends the listening and all connections.
    package func stop() {
        state.withLock { $0.isStopped = true }
        shutdown(listener, Int32(SHUT_RDWR))
        forward(to: nil)
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            if client < 0 { break }
            let target = state.withLock { $0.isStopped ? nil : $0.target }
            guard let target, let server = Self.connect(to: target) else {
                close(client)
                continue
            }
            state.withLock { $0.sockets.formUnion([client, server]) }
            let ended = LastOfTwo()
            let rewriter = BrokerAddressRewriter(brokerPort: target, advertisedPort: port)
            for (from, to, rewriter) in [(client, server, nil), (server, client, rewriter)] {
                Thread.detachNewThread { [self] in
                    Self.pump(from: from, to: to, rewriter: rewriter)
                    // The second of the two closes both, so that no number is used again too early.
                    guard ended.isSecond() else { return }
                    state.withLock { $0.sockets.subtract([client, server]) }
                    close(client)
                    close(server)
                }
            }
        }
        close(listener)
    }

    /// Tells the second caller apart from the first.
    private final class LastOfTwo: Sendable {
        private let wasCalled = Mutex(false)

        func isSecond() -> Bool {
            wasCalled.withLock { wasCalled in
                defer { wasCalled = true }
                return wasCalled
            }
        }
    }

    private static func pump(from source: Int32, to sink: Int32, rewriter: BrokerAddressRewriter?) {
        var rewriter = rewriter
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let output = rewriter?.rewrite(buffer[..<count]) ?? Array(buffer[..<count])
            var sent = 0
            while sent < output.count {
                let written = output.withUnsafeBytes {
                    send(sink, $0.baseAddress?.advanced(by: sent), output.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard written > 0 else { break }
                sent += written
            }
            guard sent == output.count else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var local = address(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &local) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | Glibc.listen(descriptor, 64) | getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw Failure(code: errno) }
        return (descriptor, UInt16(bigEndian: local.sin_port))
    }

    private static func connect(to port: UInt16) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var remote = address(port)
        let result = withUnsafePointer(to: &remote) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
