import Crypto
import HTTPTypes
import Hummingbird
import Models

extension IdempotencyKey {
    /// Binds a key to an operation, a body and whoever sends it.
    ///
    /// - Parameter caller: the subject of the token: the same word of another person is another key, so that nobody is
    ///   answered what somebody else was; nil for requests without a token.
    /// - Throws: a 400 problem when the key is not 1 to 255 visible ASCII characters.
    package init(_ value: String, operation: String, caller: String? = nil, body: [UInt8]) throws {
        guard (1...255).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Problem.malformed(
                field: "Idempotency-Key", "Idempotency-Key 应为 1 到 255 个可见 ASCII 字符",
                "Idempotency-Key has 1 to 255 visible ASCII characters")
        }
        self.init(
            value: caller.map { "\($0)\n\(value)" } ?? value, operation: operation,
            bodyHash: Array(SHA256.hash(data: body)))
    }

    /// The key of the store: SHA-256 of operation and key, 32 bytes, so that neither is kept in the clear.
    var storedKey: [UInt8] { Array(SHA256.hash(data: Array("\(operation)\n\(value)".utf8))) }
}

extension Request {
    /// Decodes the JSON body and, when the header is there, makes the idempotency key that belongs to it.
    ///
    /// - Throws: `Problem`, or a decoding error that becomes a 400 with the field's pointer.
    package func idempotentJSON<Value: Decodable>(
        _ type: Value.Type, _ context: SuiteRequestContext
    ) async throws -> (body: Value, key: IdempotencyKey?) {
        let bytes = try await jsonBytes(upTo: context.bodyBytesMax)
        let value = try SuiteJSON.decode(type, from: bytes)
        return (value, try headers[.idempotencyKey].map { try key($0, context, body: bytes) })
    }

    /// Reads a body that is no JSON, with the idempotency key that belongs to it.
    ///
    /// - Parameters:
    ///   - types: the media types that are taken.
    ///   - limit: in bytes.
    /// - Throws: `Problem`: 400 without a good key, 413 beyond the limit, 415 for another type.
    package func idempotentBytes(
        ofTypes types: Set<String>, upTo limit: Int, _ context: SuiteRequestContext
    ) async throws -> (body: [UInt8], key: IdempotencyKey) {
        guard let header = headers[.idempotencyKey] else { throw Problem.idempotencyKeyRequired }
        _ = try key(header, context, body: [])  // A bad key is told before a large body is read.
        let bytes = try await bytes(ofTypes: types, upTo: limit)
        return (bytes, try key(header, context, body: bytes))
    }

    private func key(
        _ header: String, _ context: SuiteRequestContext, body: [UInt8]
    ) throws -> IdempotencyKey {
        try IdempotencyKey(
            header, operation: "\(method.rawValue) \(context.endpointPath ?? uri.path)",
            caller: context.caller?.subject, body: body)
    }
}
