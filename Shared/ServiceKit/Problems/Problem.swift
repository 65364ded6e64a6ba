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

    /// The HTTP status.
    package var status: Int
    /// A stable word for the kind of problem, the end of its `type`.
    package var slug: String
    /// The kind of problem; the same for every problem of a slug.
    package var title: BilingualText
    /// What went wrong this time.
    package var detail: BilingualText?
    /// What the caller can do about it.
    package var next: BilingualText?
    /// The fields that are wrong, if fields are.
    package var faults: [Fault]
    /// When to try again: sent as `Retry-After`, in whole seconds, at least one.
    package var retryAfter: Duration?
    /// How to say who one is: sent as `WWW-Authenticate` (RFC 6750).
    package var challenge: String?

    /// Makes a problem.
    ///
    /// Prefer one of the named ones; a service names its own in its HTTP room.
    package init(
        status: Int, slug: String, title: BilingualText, detail: BilingualText? = nil, next: BilingualText? = nil,
        faults: [Fault] = [], retryAfter: Duration? = nil
    ) {
        self.status = status
        self.slug = slug
        self.title = title
        self.detail = detail
        self.next = next
        self.faults = faults
        self.retryAfter = retryAfter
    }

    /// The `type` of the document, `urn:tiaokuai:problem:<slug>`.
    package var type: String { "urn:tiaokuai:problem:\(slug)" }
}

/// An error of a service that knows which problem it is.
///
/// The conformance belongs into the service's HTTP room, so that the domain stays free of HTTP.
package protocol ProblemConvertible: Error {
    /// The problem that a caller sees.
    var problem: Problem { get }
}
