extension Problem {
    /// 400: the request cannot be read at all.
    package static func malformed(_ detail: BilingualText, faults: [Fault] = []) -> Problem {
        Problem(
            status: 400, slug: "malformed", title: BilingualText("请求无法解析", "The request cannot be read"),
            detail: detail, next: BilingualText("按接口文档修正后重试", "Correct it as the interface says and try again"),
            faults: faults)
    }

    /// 422: the request can be read, but fields break a rule.
    package static func invalid(_ faults: [Fault]) -> Problem {
        Problem(
            status: 422, slug: "invalid", title: BilingualText("内容不符合要求", "The content breaks a rule"),
            detail: faults.first?.message, next: BilingualText("修正所列字段后重试", "Correct the fields listed and try again"),
            faults: faults)
    }

    /// 422 for one field.
    package static func invalid(field: String, code: String, _ chinese: String, _ english: String) -> Problem {
        invalid([Fault(field: field, code: code, BilingualText(chinese, english))])
    }

    /// 404: there is no such thing, or the caller may not know of it.
    package static func notFound(_ chinese: String = "未找到", _ english: String = "not found") -> Problem {
        Problem(
            status: 404, slug: "not-found", title: BilingualText("未找到", "Not found"),
            detail: BilingualText(chinese, english), next: BilingualText("检查地址和编号", "Check the address and the id"))
    }

    /// 409: the thing is in a state that does not allow it.
    package static func conflict(code: String, _ chinese: String, _ english: String) -> Problem {
        Problem(
            status: 409, slug: code, title: BilingualText("当前状态不允许此操作", "The present state does not allow this"),
            detail: BilingualText(chinese, english), next: BilingualText("重新读取后再决定", "Read it again, then decide"))
    }

    /// 412: somebody else changed it since it was read.
    package static let preconditionFailed = Problem(
        status: 412, slug: "precondition-failed", title: BilingualText("内容已被他人修改", "It was changed in the meantime"),
        next: BilingualText("重新读取，用新的 ETag 再提交", "Read it again and send the new ETag"))

    /// 428: a change must say which version it changes.
    package static let preconditionRequired = Problem(
        status: 428, slug: "precondition-required", title: BilingualText("缺少 If-Match", "If-Match is missing"),
        next: BilingualText("把读取时得到的 ETag 放入 If-Match", "Send the ETag that you read as If-Match"))

    /// 413: the body is larger than the limit.
    package static func tooLarge(limit: Int) -> Problem {
        Problem(
            status: 413, slug: "too-large", title: BilingualText("请求正文过大", "The body is too large"),
            detail: BilingualText("上限为 \(limit) 字节", "the limit is \(limit) bytes"),
            next: BilingualText("分批提交", "Send it in parts"))
    }

    /// 415: the body is not JSON.
    package static let unsupportedMediaType = Problem(
        status: 415, slug: "unsupported-media-type",
        title: BilingualText("不支持的内容类型", "The media type is not supported"),
        next: BilingualText("使用 Content-Type: application/json", "Use Content-Type: application/json"))

    /// 422: an idempotency key was used for another request before.
    package static let idempotencyMismatch = Problem(
        status: 422, slug: "idempotency-mismatch",
        title: BilingualText("Idempotency-Key 已用于另一请求", "The Idempotency-Key was used for another request"),
        next: BilingualText("为新请求换一个新的 Idempotency-Key", "Use a new Idempotency-Key for a new request"))
}
