/// One request to a connection and its completion.
///
/// `@unchecked Sendable`: the mutable fields are touched by one side at a time. The caller makes the exchange and hands it
/// over through the mailbox; from then on the connection's thread alone uses it, until it resumes the caller with a copy of
/// the outcome, once.
final class Exchange: @unchecked Sendable {
    /// What is asked of the connection.
    enum Kind {
        /// Statements of one group, answered together.
        case statements([PostgresStatement])
        /// Statements separated by semicolons, without values, by the simple protocol.
        case script(String)
        /// `COPY … FROM STDIN`; completes when the server takes rows.
        case copyIn(String)
        /// A piece of the rows; completes when it has left.
        case copyData([UInt8])
        /// The end of the rows, or the reason why there are none; completes with the outcome of the command.
        case copyEnd(abortReason: String?)
        /// `COPY … TO STDOUT`; completes when the server sends rows.
        case copyOut(String)
        /// The next rows; completes with some, or with none and the outcome of the command.
        case copyNext
    }

    let kind: Kind
    /// Longest silence of the server that is borne.
    let patience: Duration
    private let continuation: CheckedContinuation<ExchangeOutcome, Never>

    var results: [PostgresResult] = []
    var failure: PostgresError?
    var chunk: [UInt8]?

    init(kind: Kind, patience: Duration, continuation: CheckedContinuation<ExchangeOutcome, Never>) {
        self.kind = kind
        self.patience = patience
        self.continuation = continuation
        if case .statements(let statements) = kind { results.reserveCapacity(statements.count) }
    }

    /// Whether the exchange continues a COPY and must not wait behind other requests.
    var continuesCopy: Bool {
        switch kind {
        case .copyData, .copyEnd, .copyNext: true
        case .statements, .script, .copyIn, .copyOut: false
        }
    }

    /// Resumes the caller.
    ///
    /// Called once.
    func complete() {
        continuation.resume(returning: ExchangeOutcome(results: results, failure: failure, chunk: chunk))
    }

    /// Resumes the caller with a failure, unless an earlier one is known.
    ///
    /// Called once.
    func fail(_ error: PostgresError) {
        if failure == nil { failure = error }
        complete()
    }
}

/// What became of a request.
struct ExchangeOutcome: Sendable {
    /// Results of the statements up to the failure.
    let results: [PostgresResult]
    /// The first failure; the statement at `results.count` brought it.
    let failure: PostgresError?
    /// Rows of a COPY.
    let chunk: [UInt8]?

    /// The results, if all went well.
    func get() throws -> [PostgresResult] {
        if let failure { throw failure }
        return results
    }
}
