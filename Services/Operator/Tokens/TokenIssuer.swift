import Foundation
import Models

/// The folder in which the local issuer keeps its keys and publishes its key set.
package struct TokenIssuer: Sendable {
    /// The folder.
    package let directory: String

    /// Names a folder.
    package init(directory: String) { self.directory = directory }

    /// The file with the private keys.
    package var keyFile: String { "\(directory)/token-issuer.json" }
    /// The file with the public keys, which services read.
    package var jwksFile: String { "\(directory)/jwks.json" }

    /// Whether there are keys.
    package var exists: Bool { FileManager.default.fileExists(atPath: keyFile) }

    /// Reads the keys.
    ///
    /// - Throws: `OperatorError` when the file cannot be read.
    package func keys() throws -> TokenKeys {
        do {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            return try decoder.decode(TokenKeys.self, from: Data(contentsOf: URL(fileURLWithPath: keyFile)))
        } catch {
            throw OperatorError(
                .checkFailed, "无法读取签发者密钥 \(keyFile)：请检查权限，或运行 tiaokuai token rotate-keys。",
                "The issuer's keys \(keyFile) cannot be read: check their rights, or run tiaokuai token rotate-keys.")
        }
    }

    /// Makes a new key and publishes it.
    ///
    /// The key set is written first, so that no token is signed by a key that nobody can know.
    ///
    /// - Returns: the new key's id.
    package func rotate(at now: Date = Date()) throws -> String {
        var keys = exists ? try keys() : TokenKeys()
        keys.rotate(at: now)
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        try Self.write(try keys.jwks(), to: jwksFile, mode: 0o644)
        try Self.write(try encoder.encode(keys), to: keyFile, mode: 0o600)
        return keys.current?.id ?? ""
    }

    /// Makes a token.
    ///
    /// - Parameter seconds: how long it lives, 1 to `TokenLifetime.longest`.
    package func token(_ identity: Identity, seconds: Int, at now: Date = Date()) throws -> String {
        let keys = try keys()
        return try keys.sign(
            TokenClaims(
                issuer: keys.issuer, subject: identity.subject, audience: [keys.audience],
                expiresAt: now.addingTimeInterval(TimeInterval(seconds)), notBefore: now, issuedAt: now,
                grants: identity.grants))
    }

    /// Writes a file whole or not at all, with its rights from the beginning.
    private static func write(_ data: Data, to path: String, mode: Int) throws {
        let new = path + ".new"
        // A rest of an attempt that was ended could have other rights.
        try? FileManager.default.removeItem(atPath: new)
        guard FileManager.default.createFile(atPath: new, contents: data, attributes: [.posixPermissions: mode]),
            rename(new, path) == 0
        else {
            throw OperatorError(
                .checkFailed, "无法写入 \(path)：请检查目录权限。", "\(path) cannot be written: check the folder's rights.")
        }
    }
}

/// Who acts: a subject with roles and scopes.
package struct Identity: Sendable, Hashable {
    /// The id of the person.
    package let subject: String
    /// The roles with their scopes.
    package let grants: [Grant]

    /// Names somebody.
    package init(subject: String, grants: [Grant]) {
        self.subject = subject
        self.grants = grants
    }
}

extension Identity {
    /// Somebody with one role for a division or grid; nil when the code is none.
    package static func of(_ role: Role, _ code: String, subject: String = PersonID.new().description) -> Identity? {
        DivisionPrefix(code).map { Identity(subject: subject, grants: [Grant(role, .division($0))]) }
    }

    /// An operator of the local stack with roles for the whole county.
    package static func ofCounty(_ county: String, _ roles: [Role]) -> Identity? {
        guard let prefix = DivisionPrefix(county), !roles.isEmpty else { return nil }
        return Identity(subject: "local-operator", grants: roles.map { Grant($0, .division(prefix)) })
    }
}
