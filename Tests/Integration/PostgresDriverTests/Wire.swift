import Foundation
import Glibc

/// A TCP connection to a port with a place to cut it: what is sent after the cut is lost on both sides.
final class Wire: Sendable {
    /// The port to connect to instead.
    let port: Int
    private let listener: Int32
    private let targetPort: Int
    private let descriptors = Guarded<[Int32]>([])

    /// Carries one connection to `targetPort`.
    init(to targetPort: Int) throws {
        (listener, port) = try LoopbackSocket.listening()
        self.targetPort = targetPort
        Thread.detachNewThread { [self] in carry() }
    }

    /// Cuts the connection.
    func cut() {
        for descriptor in descriptors.value { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func carry() {
        let client = accept(listener, nil, nil)
        close(listener)
        guard client >= 0, let server = try? LoopbackSocket.connected(to: targetPort) else { return }
        descriptors.change { $0 = [client, server] }
        Thread.detachNewThread { self.copy(from: server, to: client) }
        copy(from: client, to: server)
    }

    private func copy(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0, send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
        }
    }
}
