import Foundation

/// A certificate authority of a test, made by the `openssl` command in a temporary folder.
package struct LocalAuthority: Sendable {
    /// A certificate with its key, as paths of PEM files.
    package struct Identity: Sendable {
        /// The certificate.
        package let certificate: String
        /// Its private key, readable by its owner alone.
        package let key: String
    }

    private let folder: URL

    /// The authority's own certificate (PEM).
    package var certificate: String { path("authority.pem") }

    /// Makes an authority, lends it to `body`, and removes its files.
    nonisolated(nonsending) package static func with<R>(
        _ body: nonisolated(nonsending) (LocalAuthority) async throws -> R
    ) async throws -> R {
        let authority = try await make()
        // Only a temporary folder is left behind.
        defer { try? FileManager.default.removeItem(at: authority.folder) }
        return try await body(authority)
    }

    private static func make() async throws -> LocalAuthority {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tk-ca-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let authority = LocalAuthority(folder: folder)
        try await ChildProcess.run(
            ["openssl", "req", "-x509"] + newKey(authority.path("authority.key")) + [
                "-out", authority.certificate, "-days", "2", "-subj", "/CN=Test authority \(UUID().uuidString)",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
            ])
        return authority
    }

    /// Signs a certificate for names, each `DNS:name` or `IP:address`.
    ///
    /// - Parameter days: how long it is good; -1 is one that ended yesterday.
    package func issue(_ names: String..., days: Int = 2) async throws -> Identity {
        let name = UUID().uuidString
        let identity = Identity(certificate: path("\(name).pem"), key: path("\(name).key"))
        let (request, extensions) = (path("\(name).csr"), path("\(name).ext"))
        let text = "subjectAltName=\(names.joined(separator: ","))\nbasicConstraints=CA:FALSE\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: extensions))
        try await ChildProcess.run(
            ["openssl", "req", "-new"] + Self.newKey(identity.key) + ["-out", request, "-subj", "/CN=test"])
        try await ChildProcess.run([
            "openssl", "x509", "-req", "-in", request, "-CA", certificate, "-CAkey", path("authority.key"),
            "-CAcreateserial", "-days", "\(days)", "-extfile", extensions, "-out", identity.certificate,
        ])
        return identity
    }

    private static func newKey(_ path: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path]
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
