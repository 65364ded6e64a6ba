import Crypto
import Foundation
import Logging
import NIOSSL
import Synchronization

/// The certificate with which the server speaks TLS 1.2 and up, read from files and read again when they change.
///
/// Connections that stand keep what they began with. Safe from any thread.
package final class ServerTLS: Sendable {
    /// The files, all PEM.
    package struct Files: Sendable, Hashable {
        /// The certificate, then those between it and the authority.
        package var certificate: String
        /// Its private key.
        package var key: String
        /// The authority that must have signed every client's certificate; nil asks no client for one.
        package var clientAuthority: String?

        /// Names the files.
        package init(certificate: String, key: String, clientAuthority: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }
    }

    private struct State {
        var context: NIOSSLContext
        var digest: [UInt8]
    }

    private let files: Files
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// - Throws: `SettingFault`, naming the file; never with anything out of it.
    package init(_ files: Files) throws {
        self.files = files
        state = Mutex(try Self.read(files))
    }

    /// What new connections begin with.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// Looks at the files and takes what has changed; what cannot be used is logged, and the last good one stays.
    ///
    /// - Returns: whether something new was taken.
    @discardableResult
    package func reload(logger: Logger) -> Bool {
        do {
            guard try Self.digest(files) != state.withLock({ $0.digest }) else { return false }
            let new = try Self.read(files)
            state.withLock { $0 = new }
            logger.notice("certificate read again")
            return true
        } catch {
            logger.error(
                "certificate could not be read again; the last one stays",
                metadata: ["error": .string((error as? SettingFault)?.cause.english ?? ErrorNaming.safe(error))])
            return false
        }
    }

    /// Looks every few seconds, until the task is cancelled.
    func watch(logger: Logger) async {
        // A cancelled sleep is the end.
        while (try? await Task.sleep(for: .seconds(10))) != nil { reload(logger: logger) }
    }

    private static func read(_ files: Files) throws -> State {
        let chain = try parsed(files.certificate) { try NIOSSLCertificate.fromPEMBytes($0) }
        let key = try parsed(files.key) { try NIOSSLPrivateKey(bytes: $0, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if let authority = files.clientAuthority {
            configuration.trustRoots = .certificates(
                try parsed(authority) { try NIOSSLCertificate.fromPEMBytes($0) })
            // A client is no host with a name; that the authority knows it is what counts.
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return State(context: try NIOSSLContext(configuration: configuration), digest: try digest(files))
        } catch let fault as SettingFault {
            throw fault
        } catch {
            throw SettingFault.unreadable(
                file: files.key, reason: BilingualText("私钥与证书不匹配", "the key does not belong to the certificate"))
        }
    }

    private static func parsed<Value>(_ file: String, _ parse: ([UInt8]) throws -> Value) throws -> Value {
        let bytes = try contents(file)
        do {
            return try parse(bytes)
        } catch {
            throw SettingFault.unreadable(
                file: file, reason: BilingualText("不是有效的 PEM 证书或私钥", "it holds no certificate or key in PEM"))
        }
    }

    private static func contents(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw SettingFault.unreadable(
                file: file, reason: BilingualText("文件不存在或没有权限", "it does not exist or may not be read"))
        }
        return Array(data)
    }

    private static func digest(_ files: Files) throws -> [UInt8] {
        var hash = SHA256()
        for file in [files.certificate, files.key, files.clientAuthority].compactMap(\.self) {
            hash.update(data: Array(SHA256.hash(data: try contents(file))))
        }
        return Array(hash.finalize())
    }
}

extension ServerTLS {
    /// What the settings ask for; nil for plain HTTP.
    ///
    /// - Throws: `SettingFault`.
    static func from(_ settings: SettingsReader) throws -> ServerTLS? {
        let authority = try settings.optionalString("http.tlsClientAuthority")
        switch (try settings.optionalString("http.tlsCertificate"), try settings.optionalString("http.tlsKey")) {
        case (let certificate?, let key?):
            return try ServerTLS(Files(certificate: certificate, key: key, clientAuthority: authority))
        case (nil, nil) where authority == nil: return nil
        default:
            throw SettingFault(
                cause: BilingualText(
                    "http.tlsCertificate 和 http.tlsKey 必须同时设置", "http.tlsCertificate and http.tlsKey belong together"),
                nextStep: BilingualText("补上缺少的一个，或都不设置", "Set the missing one, or none of the three"))
        }
    }
}
