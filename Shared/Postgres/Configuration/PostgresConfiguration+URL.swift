import Foundation

extension PostgresConfiguration {
    /// Why a database URL was refused; the text never repeats the URL, which may hold a password.
    package struct URLFault: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, without values.
        package let reason: String
        /// The reason, ready for a log.
        package var description: String { "database URL: \(reason)" }
    }

    /// Reads `postgres://user:password@host:port/database?sslmode=…`.
    ///
    /// User and password may be percent-encoded. A socket directory is given percent-encoded as the host
    /// (`postgres://user@%2Frun%2Fpostgresql/db`) or as `?host=/run/postgresql`. Known settings: `host`, `port`, `user`,
    /// `password`, `dbname`, `application_name`, `sslmode`, `sslrootcert`, `sslcert`, `sslkey`, `connect_timeout`,
    /// `statement_timeout`, `lock_timeout`, `idle_in_transaction_session_timeout`, `idle_session_timeout` (each time in
    /// whole milliseconds, but `connect_timeout` in seconds, as PostgreSQL has it).
    ///
    /// - Throws: ``URLFault`` for anything that is not understood.
    package init(url: String) throws {
        guard let parts = URLComponents(string: url) else { throw URLFault(reason: "not a URL") }
        guard parts.scheme == "postgres" || parts.scheme == "postgresql" else {
            throw URLFault(reason: "the scheme is not postgres")
        }
        self.init(
            host: parts.percentEncodedHost?.removingPercentEncoding ?? "", port: parts.port ?? 5432,
            user: parts.user ?? "", password: parts.password, database: String(parts.path.dropFirst()))
        try apply(settings: parts.queryItems ?? [])
        if host.isEmpty { host = "localhost" }
        guard !user.isEmpty else { throw URLFault(reason: "no user") }
        guard !database.isEmpty, !database.contains("/") else { throw URLFault(reason: "no database name") }
        guard (1...65535).contains(port) else { throw URLFault(reason: "the port is not between 1 and 65535") }
    }

    private mutating func apply(settings: [URLQueryItem]) throws {
        var mode: String?
        var rootCertificate: String?
        for item in settings {
            let value = item.value ?? ""
            switch item.name {
            case "sslmode": mode = value
            case "sslrootcert": rootCertificate = value
            case "sslcert": tls.clientCertificate = value
            case "sslkey": tls.clientKey = value
            case "host": host = value
            case "user": user = value
            case "password": password = value
            case "dbname": database = value
            case "application_name": applicationName = value
            case "port": port = Int(value) ?? 0
            default: try apply(timeout: item.name, value)
            }
        }
        if mode != nil || rootCertificate != nil {
            tls.mode = try Self.mode(named: mode ?? "verify-full", rootCertificate: rootCertificate)
        }
    }

    private mutating func apply(timeout name: String, _ value: String) throws {
        guard let number = Int(value), (1...86_400_000).contains(number) else {
            throw URLFault(reason: "the setting \(Self.known(name)) is unknown or not a positive whole number")
        }
        switch name {
        case "connect_timeout": connectTimeout = .seconds(number)
        case "statement_timeout": statementTimeout = .milliseconds(number)
        case "lock_timeout": lockTimeout = .milliseconds(number)
        case "idle_in_transaction_session_timeout": idleInTransactionTimeout = .milliseconds(number)
        case "idle_session_timeout": idleSessionTimeout = .milliseconds(number)
        default: throw URLFault(reason: "unknown setting")
        }
    }

    /// The name of a setting if it is one of ours; a mistyped one might be a secret in the wrong place.
    private static func known(_ name: String) -> String {
        let names = [
            "connect_timeout", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
            "idle_session_timeout",
        ]
        return names.contains(name) ? name : "given"
    }

    private static func mode(named name: String, rootCertificate: String?) throws -> PostgresTLS.Mode {
        switch (name, rootCertificate) {
        case ("disable", _): return .disable
        case ("prefer", nil): return .prefer
        case ("require", nil): return .require
        case ("verify-full", let root?): return .verifyFull(rootCertificate: root)
        case ("verify-full", nil): throw URLFault(reason: "sslmode=verify-full needs sslrootcert")
        case ("prefer", _), ("require", _):
            throw URLFault(reason: "sslrootcert is only looked at with sslmode=verify-full")
        default: throw URLFault(reason: "sslmode is not disable, prefer, require or verify-full")
        }
    }
}
