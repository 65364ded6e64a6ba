extension Problem {
    /// 400: the request cannot be read at all.
    package static func malformed(_ detail: BilingualText, faults: [Fault] = []) -> Problem {
        Problem(.malformed, detail: detail, faults: faults)
    }

    /// 400 for one field, query item or header.
    package static func malformed(field: String, _ chinese: String, _ english: String) -> Problem {
        let text = BilingualText(chinese, english)
        return malformed(text, faults: [Fault(field: field, code: "malformed", text)])
    }

    /// 422: the request can be read, but fields break a rule.
    package static func invalid(_ faults: [Fault]) -> Problem {
        Problem(.invalid, detail: faults.first?.message, faults: faults)
    }

    /// 422 for one field.
    package static func invalid(field: String, code: String, _ chinese: String, _ english: String) -> Problem {
        invalid([Fault(field: field, code: code, BilingualText(chinese, english))])
    }

    /// 404: there is no such thing, or the caller may not know of it.
    package static func notFound(_ chinese: String = "未找到", _ english: String = "not found") -> Problem {
        Problem(.notFound, detail: BilingualText(chinese, english))
    }

    /// 409: the thing is in a state that does not allow it.
    package static func conflict(_ kind: ProblemKind, _ chinese: String, _ english: String) -> Problem {
        Problem(kind, detail: BilingualText(chinese, english))
    }

    /// 405: the address has other methods, which `Allow` names.
    static func methodNotAllowed(having allow: String) -> Problem {
        var problem = Problem(.methodNotAllowed)
        problem.allow = allow
        return problem
    }

    /// 412: somebody else changed it since it was read.
    package static let preconditionFailed = Problem(.preconditionFailed)

    /// 428: a change must say which version it changes.
    package static let preconditionRequired = Problem(
        .preconditionRequired,
        faults: [Fault(field: "If-Match", code: "required", BilingualText("必填", "it is required"))])

    /// 413: the body is larger than the limit in bytes.
    package static func tooLarge(limit: Int?) -> Problem {
        Problem(
            .tooLarge, detail: limit.map { BilingualText("上限为 \($0) 字节", "the limit is \($0) bytes") })
    }

    /// 415: the body is not JSON.
    package static let unsupportedMediaType = Problem(.unsupportedMediaType)

    /// 422: an idempotency key was used for another request before.
    package static let idempotencyMismatch = Problem(
        .idempotencyMismatch,
        faults: [
            Fault(
                field: "Idempotency-Key", code: "used",
                BilingualText("已用于另一请求", "it was used for another request"))
        ])
}
