import Foundation

extension PostgresStatement {
    /// Values that fit into one statement: the protocol counts them in 16 bits.
    static let parametersMax = 65_535
    /// Bytes that one value may have: PostgreSQL's own limit for a value is 1 GiB.
    static let valueBytesMax = 1 << 30

    /// Refuses what could not be sent as it is, before anything is sent.
    ///
    /// - Throws: ``PostgresError`` with code `encoding`.
    package func checkParameters() throws(PostgresError) {
        guard parameters.count <= Self.parametersMax else {
            throw PostgresError(.encoding(parameter: 0), reason: "more than \(Self.parametersMax) values")
        }
        // libpq takes text up to the first NUL: silently cut text would be another value, or another statement.
        guard !sql.utf8.contains(0) else { throw PostgresError(.encoding(parameter: 0), reason: "text with U+0000") }
        for (index, value) in parameters.enumerated() {
            if let reason = value.fault { throw PostgresError(.encoding(parameter: index + 1), reason: reason) }
        }
    }
}

extension PostgresValue {
    /// Why the value cannot be sent, if so.
    fileprivate var fault: String? {
        var size = 0
        switch self {
        case .text(let text), .date(let text):
            if text.utf8.contains(0) { return "text with U+0000" }
            size = text.utf8.count
        case .json(let text): size = text.utf8.count
        case .bytea(let bytes): size = bytes.count
        case .textArray(let elements): for case let text? in elements { size += text.utf8.count + 4 }
        case .byteaArray(let elements): for case let bytes? in elements { size += bytes.count + 4 }
        case .timestamptz(let date):
            if date.timeIntervalSinceReferenceDate.isNaN { return "not a time" }
        case .timestamptzArray(let dates):
            for case let date? in dates where date.timeIntervalSinceReferenceDate.isNaN { return "not a time" }
        case .uuidArray(let elements): size = elements.count * 20
        case .int8Array(let elements): size = elements.count * 12
        case .float8Array(let elements): size = elements.count * 12
        case .int4Array(let elements): size = elements.count * 8
        case .boolArray(let elements): size = elements.count * 5
        case .null, .bool, .int4, .int8, .float8, .uuid: break
        }
        return size > PostgresStatement.valueBytesMax ? "larger than 1 GiB" : nil
    }
}
