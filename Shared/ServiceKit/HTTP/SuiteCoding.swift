import Foundation
import HTTPTypes
import Hummingbird
import Models
import NIOCore

/// How bodies are written and read: JSON, camelCase, times as RFC 3339, unknown fields ignored.
package enum SuiteJSON {
    /// Encodes a value; the same value always gives the same bytes, so that they can be compared and hashed.
    package static func encode(_ value: some Encodable) throws -> [UInt8] { try EventCoding.encode(value) }

    /// Decodes a value.
    ///
    /// - Throws: `DecodingError`; `ProblemMapping` turns it into a 400 with the field's pointer.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try EventCoding.decode(type, from: bytes)
    }
}

/// Writes bodies of answers.
package struct SuiteEncoder: ResponseEncoder {
    package func encode(_ value: some Encodable, from request: Request, context: some RequestContext) throws -> Response
    {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try SuiteJSON.encode(value))))
    }
}

/// Reads bodies of requests, within the limit of the context.
package struct SuiteDecoder: RequestDecoder {
    package func decode<Value: Decodable>(
        _ type: Value.Type, from request: Request, context: some RequestContext
    ) async throws -> Value {
        try SuiteJSON.decode(type, from: try await request.jsonBytes(upTo: context.maxUploadSize))
    }
}

extension Request {
    /// Reads the whole body of a JSON request.
    ///
    /// - Throws: a `Problem`: 415 for another media type, 413 beyond the limit.
    package func jsonBytes(upTo limit: Int) async throws -> [UInt8] {
        if let type = headers[.contentType] {
            let essence = type.prefix { $0 != ";" }.trimmingBlanks().lowercased()
            guard essence == "application/json" || essence.hasSuffix("+json") else {
                throw Problem.unsupportedMediaType
            }
        }
        return try await wholeBody(upTo: limit)
    }

    /// Reads the whole body of a request that must say its media type.
    ///
    /// - Throws: a `Problem`: 415 for another media type, 413 beyond the limit.
    package func bytes(ofTypes types: Set<String>, upTo limit: Int) async throws -> [UInt8] {
        let type = headers[.contentType] ?? ""
        guard types.contains(type.prefix { $0 != ";" }.trimmingBlanks().lowercased()) else {
            throw Problem.unsupportedMediaType
        }
        return try await wholeBody(upTo: limit)
    }

    private func wholeBody(upTo limit: Int) async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw Problem.tooLarge(limit: limit)
        }
        do {
            var buffer = try await body.collect(upTo: limit)
            return buffer.readBytes(length: buffer.readableBytes) ?? []
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        }
    }

    /// Decodes the JSON body.
    ///
    /// The same as `decode(as:context:)`, but with decoding errors that keep the field.
    package func json<Value: Decodable>(_ type: Value.Type, _ context: SuiteRequestContext) async throws -> Value {
        try SuiteJSON.decode(type, from: try await jsonBytes(upTo: context.bodyBytesMax))
    }
}
