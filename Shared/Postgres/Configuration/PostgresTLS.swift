/// How a connection is protected on its way, as libpq's `sslmode` understands it.
package struct PostgresTLS: Sendable, Hashable {
    /// What is demanded of the server.
    package enum Mode: Sendable, Hashable {
        /// Never TLS (`disable`).
        case disable
        /// TLS if the server offers it; the server is not verified (`prefer`).
        case prefer
        /// TLS or no connection; the server is not verified (`require`).
        case require
        /// TLS, and the certificate must be signed by `rootCertificate` and name the host (`verify-full`).
        case verifyFull(rootCertificate: String)
    }

    /// What is demanded of the server.
    package var mode: Mode
    /// Path of the client's certificate (PEM), where the server asks for one.
    package var clientCertificate: String?
    /// Path of the client's private key (PEM, readable by its owner alone).
    package var clientKey: String?

    /// Makes settings out of a mode and, where the server asks for them, a client certificate with its key.
    package init(mode: Mode, clientCertificate: String? = nil, clientKey: String? = nil) {
        self.mode = mode
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
    }

    /// Never TLS.
    package static let disable = PostgresTLS(mode: .disable)
    /// TLS if the server offers it; the server is not verified.
    package static let prefer = PostgresTLS(mode: .prefer)
    /// TLS or no connection; the server is not verified.
    package static let require = PostgresTLS(mode: .require)

    /// TLS with a server whose certificate names the host and is signed by the certificate at the path `rootCertificate`.
    package static func verifyFull(rootCertificate: String) -> PostgresTLS {
        PostgresTLS(mode: .verifyFull(rootCertificate: rootCertificate))
    }

    /// The settings as libpq parameters.
    var parameters: [(name: String, value: String)] {
        var parameters: [(name: String, value: String)]
        switch mode {
        case .disable: parameters = [("sslmode", "disable")]
        case .prefer: parameters = [("sslmode", "prefer")]
        case .require: parameters = [("sslmode", "require")]
        case .verifyFull(let root): parameters = [("sslmode", "verify-full"), ("sslrootcert", root)]
        }
        if let clientCertificate { parameters.append(("sslcert", clientCertificate)) }
        if let clientKey { parameters.append(("sslkey", clientKey)) }
        return parameters
    }
}
