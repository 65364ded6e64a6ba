import Models
import ServiceKit

// Which problem a caller sees for an error of this service; whatever is not here the kit decides.

extension MessageFaults: ProblemConvertible {
    package var problem: Problem {
        .invalid(
            faults.map { fault in
                // `routes[3].template` as a pointer.
                let pointer = fault.field.replacing(".", with: "/").replacing("[", with: "/").replacing("]", with: "")
                return Problem.Fault(
                    field: "/" + pointer, code: fault.code.rawValue, BilingualText(fault.chinese, fault.english))
            })
    }
}

extension RoutesChanged: ProblemConvertible {
    package var problem: Problem { .preconditionFailed }
}

extension TemplateRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unknown: .notFound("没有这个模板或版本", "there is no such template or version")
        case .noDraft: .conflict(.templateDraftMissing, "该模板没有草稿", "the template has no draft")
        case .approverIsAuthor:
            .conflict(.approverIsAuthor, "草稿由您所写，请由第二人批准", "the draft is yours; a second person must approve it")
        case .changed: .preconditionFailed
        }
    }
}
