import Postgres

/// What a failure of a handler means for the batch.
package enum FailureKind: Equatable {
    /// The batch is tried again: the database was away, two transactions met, a wait took too long.
    case passing
    /// The event will fail again: it is parked.
    case lasting(code: String, reason: String)

    /// Classifies an error.
    ///
    /// The reason never repeats a value.
    package init(_ error: any Error) {
        switch error {
        case let rejection as EventRejection:
            self = .lasting(code: rejection.code, reason: rejection.reason)
        case let error as DecodingError:
            self = .lasting(code: "undecodable-data", reason: Self.describe(error))
        case let error as PostgresError where error.isValueUnsendable:
            self = .lasting(code: "database-value", reason: "the database has no such value")
        case let error as PostgresError:
            // Class 22: data exceptions, 23: integrity constraints. All else (42: a missing column, 53: no disk …) is the
            // installation's fault and not the event's.
            let isOfTheEvent = error.sqlState.map { $0.hasPrefix("22") || $0.hasPrefix("23") } ?? false
            self =
                isOfTheEvent && !error.isRetriable
                ? .lasting(
                    code: "database-\(error.sqlState ?? "")",
                    reason: error.constraint.map { "violates \($0)" } ?? "the database refuses the data")
                : .passing
        case is CancellationError, is Failpoints.Hit:
            self = .passing
        default:
            self = .lasting(code: "handler", reason: "the reader failed with \(type(of: error))")
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case .keyNotFound(let key, let context): "the field \(path(context)) \(key.stringValue) is missing"
        case .valueNotFound(_, let context): "the field \(path(context)) is null"
        case .typeMismatch(let type, let context): "the field \(path(context)) is not \(type)"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "the data is not valid JSON"
        case .dataCorrupted(let context): "the field \(path(context)) cannot be read"
        @unknown default: "the data cannot be read"
        }
    }
}

extension PostgresError {
    /// A value that can never be sent, such as a text with a NUL character.
    fileprivate var isValueUnsendable: Bool { if case .encoding = code { true } else { false } }
}
