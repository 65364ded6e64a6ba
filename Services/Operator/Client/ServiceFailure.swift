import Foundation
import Models

/// A problem (RFC 9457) as a service answers it.
package struct ProblemAnswer: Sendable, Equatable {
    /// A failing field.
    package struct Fault: Decodable, Sendable, Equatable {
        /// The field.
        package let field: String
        /// A stable code.
        package let code: String
        /// What is wrong.
        package let message: String
    }

    /// The HTTP status.
    package let status: Int
    /// The stable type, for example `…/incident-outside-grids`.
    package let type: String?
    /// What happened.
    package let title: String?
    /// More about it.
    package let detail: String?
    /// What to do next.
    package let next: String?
    /// Failing fields.
    package let faults: [Fault]

    private struct Document: Decodable {
        let type: String?
        let title: String?
        let detail: String?
        let next: String?
        let faults: [Fault]?
    }

    /// Reads the body; an answer that is no problem document keeps its status alone.
    package init(status: Int, body: [UInt8]) {
        // A proxy in between may answer with a page of its own.
        let document = try? JSONDecoder().decode(Document.self, from: Data(body))
        self.status = status
        type = document?.type
        title = document?.title
        detail = document?.detail
        next = document?.next
        faults = document?.faults ?? []
    }

    /// One line for a person.
    package var summary: String {
        let parts = [title, detail].compactMap(\.self) + faults.map { "\($0.field): \($0.message)" }
        let cause = parts.isEmpty ? "HTTP \(status)" : parts.joined(separator: "；")
        return next.map { "\(cause)。\($0)" } ?? cause
    }
}

/// Why a service did not do what was asked.
package enum ServiceFailure: Error, Sendable, Equatable {
    /// No answer within the patience.
    case unreachable(ServiceName, String)
    /// A refusal.
    case problem(ServiceName, ProblemAnswer)
    /// An answer of another form than expected.
    case unreadable(ServiceName, path: String)

    /// The failure as the command line says it.
    package var operatorError: OperatorError {
        switch self {
        case .unreachable(let service, let url):
            OperatorError(
                .unavailable,
                "服务 \(service.rawValue)（\(url)）没有应答。请先运行 make up，或用 --base-port 指定端口；用 tiaokuai status 查看各服务。",
                "The service \(service.rawValue) (\(url)) does not answer. Run make up, or name its port with --base-port; "
                    + "tiaokuai status shows all services.")
        case .problem(let service, let problem) where problem.status == 401 || problem.status == 403:
            OperatorError(
                .checkFailed,
                "服务 \(service.rawValue) 拒绝：\(problem.summary)。用 --token-file 或 TIAOKUAI_TOKEN 提供有相应角色的令牌；本地环境可用 tiaokuai token 签发。",
                "The service \(service.rawValue) refused (\(problem.status)): give a token that has the role by --token-file or "
                    + "TIAOKUAI_TOKEN; the local stack makes one by tiaokuai token.")
        case .problem(let service, let problem):
            OperatorError(
                problem.status >= 500 ? .unavailable : .checkFailed,
                "服务 \(service.rawValue) 答复 \(problem.status)：\(problem.summary)",
                "The service \(service.rawValue) answered \(problem.status)\(problem.type.map { " (\($0))" } ?? "").")
        case .unreadable(let service, let path):
            OperatorError(
                .internalError, "服务 \(service.rawValue) 对 \(path) 的答复无法解析：命令行与服务的版本可能不同。",
                "The answer of \(service.rawValue) to \(path) cannot be read: command line and service may be of different "
                    + "releases.")
        }
    }
}
