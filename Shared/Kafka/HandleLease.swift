import Dispatch
import Synchronization

/// Hands a client handle to callers on other threads and takes it back before it is destroyed.
final class HandleLease: Sendable {
    private let current = Mutex<ClientHandle?>(nil)
    // Counts the callers that use the handle at this moment.
    private let users = DispatchGroup()

    /// Offers a handle from now on.
    func offer(_ handle: ClientHandle) {
        current.withLock { $0 = handle }
    }

    /// Ends the offer and blocks until nobody uses the handle any more; it may be destroyed then.
    func withdraw() {
        current.withLock { $0 = nil }
        users.wait()
    }

    /// Makes the owning thread return from its poll, if there is a handle.
    func wake() {
        // Under the lock, so that the handle cannot be destroyed meanwhile; the call itself does not block.
        current.withLock { $0?.wake() }
    }

    /// Runs a body with the handle, or returns nil if there is none at present.
    ///
    /// The body must be short.
    func use<Value>(_ body: (ClientHandle) throws -> Value) rethrows -> Value? {
        let handle: ClientHandle? = current.withLock { current in
            if current != nil { users.enter() }
            return current
        }
        guard let handle else { return nil }
        defer { users.leave() }
        return try body(handle)
    }
}
