import Crypto
import Foundation
import JWTKit

/// The ways of signing that we take.
///
/// Never `none`, and never a shared secret: whoever can check such a token can make one.
enum SigningAlgorithm: String, CaseIterable {
    case rs256 = "RS256"
    case es256 = "ES256"
    case edDSA = "EdDSA"
}

/// The public keys of an identity provider, by key id.
package struct KeySet: Sendable {
    /// Most keys of a set.
    static let keysMax = 64

    private let algorithms: [String: SigningAlgorithm]
    private let collection: JWTKeyCollection
    /// SHA-256 of the document, by which a changed set is known.
    let digest: [UInt8]

    /// Reads a document and keeps the keys that we can use; the others (another kind, for encryption, without id) are
    /// passed over.
    ///
    /// - Throws: `KeyDocumentFailure` when there is no such key at all.
    package init(document: [UInt8]) async throws {
        // What others publish is either a key set or not; its text is never shown.
        guard let written = try? JSONDecoder().decode(Document.self, from: Data(document)) else {
            throw KeyDocumentFailure(description: "the key set is not well formed")
        }
        let collection = JWTKeyCollection()
        var algorithms: [String: SigningAlgorithm] = [:]
        for entry in written.keys.prefix(Self.keysMax) {
            guard let (id, key, algorithm) = entry.usable else { continue }
            // A key that cannot be used (a point off the curve, too few bits) is as good as none.
            guard (try? await collection.add(jwk: key)) != nil else { continue }
            algorithms[id] = algorithm
        }
        guard !algorithms.isEmpty else { throw KeyDocumentFailure(description: "the key set has no key of use") }
        self.collection = collection
        self.algorithms = algorithms
        digest = Array(SHA256.hash(data: document))
    }

    /// How the key of an id signs; nil when there is no such key.
    func algorithm(of id: String) -> SigningAlgorithm? { algorithms[id] }

    /// Checks the signature and gives what the token says.
    ///
    /// - Throws: `TokenFault`.
    func claims<Payload: JWTPayload>(of token: String, as type: Payload.Type) async throws -> Payload {
        do {
            return try await collection.verify(token, as: type)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw TokenFault.malformed
        } catch is DecodingError {
            throw TokenFault.malformed
        } catch {
            throw TokenFault.signature
        }
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    /// A key of the document: of use, or passed over.
    private struct Entry: Decodable {
        private enum CodingKeys: String, CodingKey { case kid, kty, crv, alg, use, d }

        let usable: (id: String, key: JWK, algorithm: SigningAlgorithm)?

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func text(_ key: CodingKeys) -> String? {
                // What is no text is as good as absent.
                (try? container.decodeIfPresent(String.self, forKey: key)) ?? nil
            }
            let algorithm: SigningAlgorithm? =
                switch (text(.kty), text(.crv)) {
                case ("RSA", _): .rs256
                case ("EC", "P-256"): .es256
                case ("OKP", "Ed25519"): .edDSA
                default: nil
                }
            guard let id = text(.kid), (1...128).contains(id.utf8.count), let algorithm,
                text(.alg) == nil || text(.alg) == algorithm.rawValue, text(.use) == nil || text(.use) == "sig",
                // A key that cannot be read is passed over; a private one was published by mistake.
                !container.contains(.d), var key = try? JWK(from: decoder)
            else {
                usable = nil
                return
            }
            // Said once, so that a token's header never chooses how its key is used.
            key.algorithm = JWK.Algorithm(rawValue: algorithm.rawValue)
            usable = (id, key, algorithm)
        }
    }
}
