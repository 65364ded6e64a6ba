import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// An answer that is a whole document, known by what is in it: `ETag` is a hash of its bytes, and whoever has them is
/// answered 304 (RFC 9110 13.1.2).
package enum TaggedDocument {
    /// Answers with a document, or with 304 where `If-None-Match` names it.
    ///
    /// - Parameters:
    ///   - bytes: the document; the same content must give the same bytes.
    ///   - contentType: its media type.
    ///   - disposition: `Content-Disposition`, where it is to become a file.
    package static func answer(
        _ request: Request, _ bytes: [UInt8], contentType: String, disposition: String? = nil
    ) -> Response {
        let tag = tag(of: bytes)
        // It may show what only this caller may see, so a cache that others share must not keep it.
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "private, no-cache"]
        if matches(request.headers[.ifNoneMatch], tag) { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = contentType
        if let disposition { headers[.contentDisposition] = disposition }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The entity tag of bytes: half of their SHA-256.
    package static func tag(of bytes: [UInt8]) -> String {
        let digits = SHA256.hash(data: bytes).prefix(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\"\(digits.joined())\""
    }

    /// Whether a list of tags has one; weak tags count, as for every read.
    static func matches(_ header: String?, _ tag: String) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { part in
            let part = part.trimmingCharacters(in: .whitespaces)
            return part == "*" || part == tag || part == "W/" + tag
        }
    }
}
