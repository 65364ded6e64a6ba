/// Which field of a body could not be decoded, and why; never its value.
package struct DecodingFault: Sendable, Hashable {
    /// The names and places on the way to the field.
    package let path: [String]
    /// A stable code: `required`, `wrong-type` or `malformed`.
    package let code: String
    /// What is wrong.
    package let message: BilingualText

    /// Describes an error.
    ///
    /// - Parameter depth: how many outer parts of the path to leave out.
    package init(_ error: DecodingError, below depth: Int = 0) {
        let codingPath: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context):
            codingPath = context.codingPath + [key]
            code = "required"
            message = BilingualText("缺少必填字段", "the field is required")
        case .valueNotFound(_, let context):
            codingPath = context.codingPath
            code = "required"
            message = BilingualText("不能为空", "the field must not be null")
        case .typeMismatch(_, let context):
            codingPath = context.codingPath
            code = "wrong-type"
            message = BilingualText("类型不对", "the field has another type")
        case .dataCorrupted(let context):
            codingPath = context.codingPath
            code = "malformed"
            message = BilingualText("格式不对", "the field is not well formed")
        @unknown default:
            codingPath = []
            code = "malformed"
            message = BilingualText("格式不对", "the body is not well formed")
        }
        path = codingPath.dropFirst(depth).map { $0.intValue.map(String.init) ?? $0.stringValue }
    }

    /// The field as a JSON pointer (RFC 6901), empty for the whole body.
    package var pointer: String {
        path.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
    }

    /// The field with its parts separated by dots.
    package var dottedField: String { path.joined(separator: ".") }

    /// The 400 that a caller sees.
    package var problem: Problem {
        .malformed(
            path.isEmpty ? BilingualText("正文不是有效的 JSON", "the body is not valid JSON") : message,
            faults: [Problem.Fault(field: pointer, code: code, message)])
    }
}
