import Hummingbird
import HummingbirdCore
import Kafka
import NIOCore
import Postgres

/// Which problem a caller sees for an error.
///
/// Whatever is not known here is an internal error that says nothing.
package enum ProblemMapping {
    /// Maps an error.
    ///
    /// - Parameter isPastDeadline: whether the request's time was over when the error came; then that is the reason.
    package static func problem(for error: any Error, isPastDeadline: Bool = false) -> Problem {
        if let problem = error as? Problem { return problem }
        if isPastDeadline { return .timedOut }
        return switch error {
        case let error as any ProblemConvertible: error.problem
        case let error as DecodingError: DecodingFault(error).problem
        case let error as PostgresError: problem(for: error)
        case let error as KafkaError: error.isRetriable ? .unavailable() : .internalError
        case is NIOTooManyBytesError: .tooLarge(limit: nil)
        case let error as HTTPError: problem(for: error)
        default: .internalError
        }
    }

    private static func problem(for error: PostgresError) -> Problem {
        switch error.code {
        case .poolExhausted: .overloaded()
        case .connection, .poolClosed: .unavailable()
        case .timeout, .cancelled: .timedOut
        case .commitUnknown: .outcomeUnknown
        case .server:
            if error.isStatementTimeout || error.isLockTimeout {
                .timedOut
            } else if error.isRetriable {
                .unavailable(retryAfter: .seconds(1))
            } else {
                // A constraint that the service did not map itself is a mistake of ours.
                .internalError
            }
        case .decoding, .encoding, .protocolViolation: .internalError
        }
    }

    /// Errors of the framework: no route, or a part of the path or query that it could not read.
    private static func problem(for error: HTTPError) -> Problem {
        switch error.status.code {
        case 404: .notFound("没有这个地址", "there is no such address")
        case 413: .tooLarge(limit: nil)
        case 415: .unsupportedMediaType
        case 400..<500: .malformed(BilingualText("请求无效", "the request is not valid"))
        default: .internalError
        }
    }
}
