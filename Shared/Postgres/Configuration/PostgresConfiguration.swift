/// Where a database is, who asks, and how long anything may take.
///
/// All times are enforced twice: by the server through its own settings, and by the client through a deadline on every
/// wait, so neither a lost network nor a lost server can hold a caller for ever.
package struct PostgresConfiguration: Sendable, Hashable {
    /// Host name, address, or the directory of a Unix socket (begins with `/`).
    package var host: String
    /// Port, also for a Unix socket.
    package var port: Int
    /// Role that connects.
    package var user: String
    /// Password of the role; secret.
    ///
    /// `nil` where the server does not ask.
    package var password: String?
    /// Database to connect to.
    package var database: String
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    /// Protection of the connection.
    package var tls: PostgresTLS
    /// Longest time for connecting and authenticating.
    ///
    /// Name resolution runs on the connection's own thread, by the resolver's own limits.
    package var connectTimeout: Duration = .seconds(5)
    /// Longest time for one statement (`statement_timeout`).
    package var statementTimeout: Duration = .seconds(30)
    /// Longest wait for a lock (`lock_timeout`).
    package var lockTimeout: Duration = .seconds(10)
    /// Longest pause inside an open transaction (`idle_in_transaction_session_timeout`).
    package var idleInTransactionTimeout: Duration = .seconds(30)
    /// Age at which the server ends an idle session (`idle_session_timeout`); `nil` never.
    package var idleSessionTimeout: Duration?
    /// Statements kept prepared by a connection, 1 and more; the least recently used goes first.
    package var preparedStatementsMax = 256

    /// Makes a configuration with the default times.
    package init(
        host: String, port: Int = 5432, user: String, password: String? = nil, database: String,
        applicationName: String = "", tls: PostgresTLS = .prefer
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.database = database
        self.applicationName = applicationName
        self.tls = tls
    }

    /// What the client waits beyond the server's own limit, for the server's answer to arrive.
    static let answerGrace: Duration = .seconds(5)

    /// The connection's settings in the form of `PQconnectStartParams`.
    package var parameters: [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = [
            ("host", host), ("port", String(port)), ("user", user), ("dbname", database),
            ("client_encoding", "UTF8"), ("gssencmode", "disable"), ("options", serverOptions),
            // A peer that vanished is noticed on an idle connection after 60 s and with data on the way after 30 s.
            ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"),
        ]
        if let password { parameters.append(("password", password)) }
        if !applicationName.isEmpty { parameters.append(("application_name", applicationName)) }
        return parameters + tls.parameters
    }

    private var serverOptions: String {
        var options = [
            "-c statement_timeout=\(statementTimeout.wholeMilliseconds)",
            "-c lock_timeout=\(lockTimeout.wholeMilliseconds)",
            "-c idle_in_transaction_session_timeout=\(idleInTransactionTimeout.wholeMilliseconds)",
            // Compiling a statement costs more than any of ours takes.
            "-c TimeZone=UTC", "-c DateStyle=ISO", "-c jit=off",
        ]
        if let idleSessionTimeout {
            options.append("-c idle_session_timeout=\(idleSessionTimeout.wholeMilliseconds)")
        }
        return options.joined(separator: " ")
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where, without any secret.
    package var description: String { "postgres://\(user)@\(host):\(port)/\(database)" }
    /// As `description`: a secret has no place in a debug print either.
    package var debugDescription: String { description }
    /// Shows the description alone, so that `dump` cannot print the password.
    package var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}
