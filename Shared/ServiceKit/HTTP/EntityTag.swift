import HTTPTypes
import Hummingbird

/// The version of something as an entity tag, `"3"` (RFC 9110 8.8.3).
package enum EntityTag {
    /// Writes a version as `ETag`.
    package static func write(_ version: Int) -> String { "\"\(version)\"" }

    /// Reads `If-Match`; nil for `*`, which any version matches.
    ///
    /// One tag, since whoever changes something has read one version of it.
    ///
    /// - Throws: the 412 problem for a tag that no version has.
    package static func read(_ header: String) throws -> Int? {
        if header == "*" { return nil }
        let digits = header.dropFirst().dropLast()
        guard header.utf8.count > 2, header.hasPrefix("\""), header.hasSuffix("\""),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let version = Int(digits)
        else { throw Problem.preconditionFailed }
        return version
    }
}

extension Request {
    /// The version that the caller has read and means to change; nil for any.
    ///
    /// For routes that demand `If-Match`; the declaration has refused a request without it.
    ///
    /// - Throws: the 412 problem for a tag that no version has, the 428 one without the header.
    package func expectedVersion() throws -> Int? {
        guard let header = headers[.ifMatch] else { throw Problem.preconditionRequired }
        return try EntityTag.read(header)
    }
}

extension Response {
    /// The same answer with the version of what it shows as `ETag`.
    package func tagged(version: Int) -> Response {
        var response = self
        response.headers[.eTag] = EntityTag.write(version)
        return response
    }
}
