import HTTPTypes

extension HTTPField.Name {
    /// A name that is known to be well formed.
    ///
    /// `HTTPField.Name` accepts every token of RFC 9110, so the fallback is never taken; it saves a trap.
    private static func known(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }

    /// The W3C trace header.
    package static let traceparent = known("traceparent")
    /// The key under which a POST takes effect once.
    package static let idempotencyKey = known("Idempotency-Key")
    /// Links to related resources (RFC 8288).
    package static let link = known("Link")
    /// The id of the last event that a reader of a stream has seen.
    package static let lastEventID = known("Last-Event-ID")
}
