import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A problem as JSON in one language (RFC 9457), `application/problem+json`.
package struct ProblemDocument: Encodable {
    struct Fault: Encodable {
        let field: String
        let code: String
        let message: String
    }

    let type: String
    let title: String
    let status: Int
    let detail: String?
    let next: String
    let field: String?
    let faults: [Fault]?
    let traceId: String?

    /// Writes a problem in a language.
    package init(_ problem: Problem, in language: ProblemLanguage, traceID: String?) {
        type = problem.kind.type
        title = language.pick(problem.kind.title)
        status = problem.status
        detail = problem.detail.map(language.pick)
        next = language.pick(problem.next ?? problem.kind.next)
        field = problem.faults.first?.field
        faults =
            problem.faults.isEmpty
            ? nil
            : problem.faults.map { Fault(field: $0.field, code: $0.code, message: language.pick($0.message)) }
        self.traceId = traceID
    }

    /// The answer to a request.
    static func response(_ problem: Problem, in language: ProblemLanguage, traceID: String?) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = ByteBuffer(bytes: try encoder.encode(ProblemDocument(problem, in: language, traceID: traceID)))
        var headers: HTTPFields = [
            .contentType: "application/problem+json", .contentLanguage: language.rawValue, .vary: "Accept-Language",
        ]
        if let wait = problem.retryAfter { headers[.retryAfter] = String(max(1, Int(wait.inSeconds.rounded(.up)))) }
        if let challenge = problem.challenge { headers[.wwwAuthenticate] = challenge }
        if let allow = problem.allow { headers[.allow] = allow }
        return Response(
            status: .init(code: problem.status), headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
