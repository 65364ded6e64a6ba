import Hummingbird
import HummingbirdCore
import Models
import NIOCore

/// A program of others that may use the routes for API keys.
package struct APIClient: Sendable, Hashable {
    /// The key's id, as the audit trail names it; never the key.
    package let id: String
    /// What the key opens.
    package let jurisdiction: DivisionPrefix

    /// Names a client.
    package init(id: String, jurisdiction: DivisionPrefix) {
        self.id = id
        self.jurisdiction = jurisdiction
    }
}

/// Checks API keys.
package protocol APIKeyVerifying: Sendable {
    /// Whose key it is.
    ///
    /// - Throws: `Problem.apiKeyRefused` for a key that does not hold, a 429 problem for one that is used too often.
    func client(of key: String) async throws -> APIClient
}

/// Where an API key stands in a request: `api_key` in the query or in the form.
enum APIKey {
    /// Finds the key; nil where there is none, or an empty one.
    ///
    /// - Parameter request: whose form, if it has one, is read and can still be read after.
    /// - Throws: a 400 problem for a form that cannot be read, 413 for one that is too large.
    static func find(in request: inout Request) async throws -> String? {
        if let key = request.uri.queryParameters.get("api_key"), !key.isEmpty { return key }
        guard FormFields.isForm(request) else { return nil }
        let buffer: ByteBuffer
        do {
            buffer = try await request.collectBody(upTo: FormFields.bytesMax)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: FormFields.bytesMax)
        }
        guard let key = try FormFields(buffer.readableBytesView)["api_key"], !key.isEmpty else { return nil }
        return key
    }
}
