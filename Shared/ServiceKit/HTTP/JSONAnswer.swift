import Hummingbird

/// Answers with any encodable value as JSON, for types that know nothing of HTTP.
package struct JSONAnswer<Value: Encodable & Sendable>: ResponseGenerator, Sendable {
    /// The value.
    package let value: Value

    /// Wraps a value.
    package init(_ value: Value) { self.value = value }

    package func response(from request: Request, context: some RequestContext) throws -> Response {
        try context.responseEncoder.encode(value, from: request, context: context)
    }
}
