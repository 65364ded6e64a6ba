/// What went wrong between this process and the database.
///
/// `description` is fit for logs and answers: codes and names of the schema, never SQL, values, addresses or credentials.
/// `debugDescription` may hold what the server said, values included.
package struct PostgresError: Error, Sendable {
    /// The kind of error, for decisions.
    package enum Code: Sendable, Hashable {
        /// No connection could be made, or it was lost.
        ///
        /// Nothing was committed by a transaction that fails so.
        case connection
        /// A deadline of the client passed.
        ///
        /// The connection is given up.
        case timeout
        /// No connection became free in time, or too many callers waited already.
        case poolExhausted
        /// The pool is shut down.
        case poolClosed
        /// The server refused; the SQLSTATE says why.
        case server(sqlState: String)
        /// A value could not be made of a column.
        case decoding(column: String)
        /// A value cannot be sent: counted from 1 as in `$1`, 0 for the statement as a whole.
        case encoding(parameter: Int)
        /// The connection was lost after COMMIT was sent: the transaction may have been committed or not.
        case commitUnknown
        /// The server or the caller did what the protocol does not allow here.
        case protocolViolation
        /// The waiting task was cancelled.
        case cancelled
    }

    /// The kind of error, for decisions.
    package let code: Code
    /// The SQLSTATE, where the server gave one.
    package internal(set) var sqlState: String?
    /// Name of the violated constraint.
    package internal(set) var constraint: String?
    /// Name of the table concerned.
    package internal(set) var table: String?
    /// Name of the column concerned.
    package internal(set) var column: String?
    /// What is known without any value, for `description`.
    var reason: String?
    /// The server's own words, which may hold values; for `debugDescription` alone.
    var detail: String?
    /// Whether the work may have reached the server before it failed.
    var wasSent = true
    /// The server's plan or the name of a prepared statement was out of date; the same statement works again at once.
    var isStaleStatement = false

    /// Makes an error; `reason` is shown to anybody, `detail` only by `debugDescription`.
    package init(_ code: Code, reason: String? = nil, detail: String? = nil) {
        self.code = code
        self.reason = reason
        self.detail = detail
        if case .server(let state) = code { sqlState = state }
    }

    static func decoding(column: String, reason: String) -> PostgresError {
        PostgresError(.decoding(column: column), reason: reason)
    }
}

extension PostgresError {
    /// Whether the same work may succeed when it is done again later: connection, deadline or pool trouble, deadlock,
    /// serialisation failure, lock or statement time-out, a server that lacks resources or restarts.
    ///
    /// True for `commitUnknown` as well: the work must then recognise its own earlier success, by an idempotency key or a
    /// watermark. ``PostgresPool`` itself never repeats such work.
    package var isRetriable: Bool {
        switch code {
        case .connection, .timeout, .poolExhausted, .commitUnknown: true
        case .poolClosed, .decoding, .encoding, .protocolViolation, .cancelled: false
        case .server(let state):
            isStaleStatement || ["40001", "40P01", "40003", "55P03", "57014"].contains(state)
                || ["08", "53", "58"].contains(state.prefix(2)) || state.hasPrefix("57P")
        }
    }

    /// A unique constraint was violated (23505).
    package var isUniqueViolation: Bool { sqlState == "23505" }
    /// A foreign key was violated (23503).
    package var isForeignKeyViolation: Bool { sqlState == "23503" }
    /// A check constraint was violated (23514).
    package var isCheckViolation: Bool { sqlState == "23514" }
    /// A null came where none is allowed (23502).
    package var isNotNullViolation: Bool { sqlState == "23502" }
    /// An exclusion constraint was violated (23P01).
    package var isExclusionViolation: Bool { sqlState == "23P01" }
    /// The server chose this transaction to fall so that others can go on (40001, 40P01).
    package var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }
    /// The statement ran into `statement_timeout` or was cancelled by an operator (57014).
    package var isStatementTimeout: Bool { sqlState == "57014" }
    /// The statement ran into `lock_timeout` (55P03).
    package var isLockTimeout: Bool { sqlState == "55P03" }

    /// Whether a transaction that fell by this error, before its COMMIT was sent, may be run again at once.
    var allowsTransactionRetry: Bool {
        isSerializationFailure || isStaleStatement || code == .connection
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// What went wrong, without SQL, values, addresses or credentials.
    package var description: String {
        var text =
            switch code {
            case .connection: "the database connection failed"
            case .timeout: "the database did not answer in time"
            case .poolExhausted: "no database connection became free in time"
            case .poolClosed: "the database pool is closed"
            case .server(let state): "the database refused the statement (SQLSTATE \(state))"
            case .decoding(let column): "column \(column) could not be decoded"
            case .encoding(let parameter): "parameter \(parameter) could not be encoded"
            case .commitUnknown: "the connection was lost while committing: the outcome is unknown"
            case .protocolViolation: "unexpected answer or use of a database connection"
            case .cancelled: "the task was cancelled while it waited for the database"
            }
        if let reason { text += ": \(reason)" }
        if case .server = code {} else if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let constraint { text += ", constraint \(constraint)" }
        if let table { text += ", table \(table)" }
        return text
    }

    /// As `description`, with the server's own words, which may hold values.
    package var debugDescription: String {
        guard let detail, !detail.isEmpty else { return description }
        return "\(description) – \(detail)"
    }
}
