import Glibc

/// A TCP port that accepts connections into its queue and never answers.
struct SilentListener {
    private let descriptor: Int32
    let port: Int

    init() throws {
        (descriptor, port) = try LoopbackSocket.listening()
    }

    func close() {
        Glibc.close(descriptor)
    }
}
