import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// Errors in the form of Open311: 404 for what is not there, 403 for a key that does not hold, 429 for one that comes too
/// often, and 400 for everything else.
enum Open311Errors {
    /// Answers with a problem in the format that the address asks for, XML where it asks for none.
    @Sendable static func response(
        to problem: Problem, _ request: Request, _ context: SuiteRequestContext
    ) throws -> Response {
        let status = Self.status(of: problem)
        var answer = document(problem).response(
            as: Open311Format.split(request.uri.path)?.format ?? .xml, status: .init(code: status))
        if let wait = problem.retryAfter {
            answer.headers[.retryAfter] = "\(max(1, Int(wait.components.seconds)))"
        }
        return answer
    }

    /// The body: one error a fault, in both languages, with the names of fields that the standard has.
    static func document(_ problem: Problem) -> Open311Document {
        let code = status(of: problem)
        let faults = problem.faults.map { fault in
            let field = name(of: fault.field)
            return (code, "\(field): \(fault.message.chinese) / \(fault.message.english)")
        }
        let detail = problem.detail ?? problem.kind.title
        return .errors(faults.isEmpty ? [(code, "\(detail.chinese) / \(detail.english)")] : faults)
    }

    private static func status(of problem: Problem) -> Int {
        switch problem.status {
        case 403, 404, 429: problem.status
        default: 400
        }
    }

    /// What the suite calls a field, as the standard calls it.
    private static func name(of field: String) -> String {
        let field = field.hasPrefix("/") ? String(field.dropFirst()) : field
        if let code = field.split(separator: "/", maxSplits: 1).dropFirst().first, field.hasPrefix("attributes/") {
            return "attribute[\(code)]"
        }
        return names[field] ?? field
    }

    private static let names = [
        "longitude": "long", "latitude": "lat", "contactMobile": "phone", "contactName": "first_name",
        "category": "service_code", "title": "service_code", "attributes": "attribute",
    ]
}

extension Open311KeyRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unknown: return .apiKeyRefused
        case .tooOften(let seconds):
            return Problem(
                .apiKeyTooOften,
                detail: BilingualText("该 api_key 请求过于频繁，请稍后再试", "this api_key comes too often; wait a little"),
                retryAfter: .seconds(Int(seconds.rounded(.up))))
        }
    }
}

extension DivisionOutsideScope: ProblemConvertible {
    package var problem: Problem {
        .invalid(
            field: "/divisionCode", code: RowFault.Code.outsideScope.rawValue, "区划不在您的管辖范围内",
            "the division lies outside your scope")
    }
}

/// The door of programs of others: whose key it is, and what it opens.
struct Open311Door: APIKeyVerifying {
    let check: CheckOpen311Key

    func client(of key: String) async throws -> APIClient {
        let key = try await check(key)
        // Every level of a division is one of a prefix.
        guard let jurisdiction = DivisionPrefix(key.division.digits) else { throw Problem.apiKeyRefused }
        return APIClient(id: key.id.description, jurisdiction: jurisdiction)
    }
}

extension SuiteRequestContext {
    /// The key that the door let in; nil without one.
    var open311Key: Open311KeyID? { caller.flatMap { Open311KeyID($0.subject) } }
}
