import Models

/// An error as a caller sees it: a problem document of RFC 9457 in Chinese or English.
///
/// Throw it from a route or a use case's mapping; the kit renders it in the language that the caller asked for.
package struct Problem: Error, Sendable, Hashable {
    /// A fault of one field.
    package struct Fault: Sendable, Hashable {
        /// Where the field is: a JSON pointer (RFC 6901), `/fields/phone`, or the name of a query item or header.
        package let field: String
        /// A stable code, for example `required` or `out-of-range`.
        package let code: String
        /// What is wrong.
        ///
        /// It never quotes a personal value.
        package let message: BilingualText

        /// Makes a fault.
        package init(field: String, code: String, _ message: BilingualText) {
            self.field = field
            self.code = code
            self.message = message
        }
    }

    /// The kind of problem: its status, its `type` and what is said of all of its kind.
    package let kind: ProblemKind
    /// What went wrong this time.
    package var detail: BilingualText?
    /// What the caller can do about it; nil for what is said of the kind.
    package var next: BilingualText?
    /// The fields that are wrong, if fields are.
    package var faults: [Fault]
    /// When to try again: sent as `Retry-After`, in whole seconds, at least one.
    package var retryAfter: Duration?
    /// How to say who one is: sent as `WWW-Authenticate` (RFC 6750).
    package var challenge: String?
    /// The methods that the address has: sent as `Allow` (RFC 9110 15.5.6).
    package var allow: String?

    /// Makes a problem of a kind.
    ///
    /// Prefer one of the named ones; a service names its own in its HTTP room.
    package init(
        _ kind: ProblemKind, detail: BilingualText? = nil, next: BilingualText? = nil, faults: [Fault] = [],
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.next = next
        self.faults = faults
        self.retryAfter = retryAfter
    }

    /// The HTTP status.
    package var status: Int { kind.status }
    /// The stable word of the kind.
    package var slug: String { kind.slug }
}

/// An error of a service that knows which problem it is.
///
/// The conformance belongs into the service's HTTP room, so that the domain stays free of HTTP.
package protocol ProblemConvertible: Error {
    /// The problem that a caller sees.
    var problem: Problem { get }
}
