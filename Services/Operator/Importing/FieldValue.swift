/// A value of a field as the HTTP API takes it.
package enum FieldValue: Sendable, Hashable, Encodable {
    case text(String)
    case integer(Int)
    case decimal(Double)
    case list([String])

    /// The text, when it is one.
    package var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The number, when it is one.
    package var number: Double? {
        switch self {
        case .decimal(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .decimal(let number): try container.encode(number)
        case .list(let items): try container.encode(items)
        }
    }
}

/// A row of a sheet as a bulk request takes it: `{"row": 12, "fields": {…}}`.
package struct MappedRow: Sendable, Hashable, Encodable {
    /// The row as the spreadsheet counts, heading = 1.
    package let row: Int
    /// Values by field; blank cells are left out.
    package var fields: [String: FieldValue]

    /// Makes a row.
    package init(row: Int, fields: [String: FieldValue]) {
        self.row = row
        self.fields = fields
    }

    /// The values of some fields as one text; nil when one of them is missing.
    package func key(_ names: [String]) -> String? {
        var parts: [String] = []
        for name in names {
            guard let value = fields[name] else { return nil }
            parts.append(value.text ?? value.number.map { String($0) } ?? "")
        }
        return parts.joined(separator: "\u{1F}")
    }
}

/// The body of a bulk request.
package struct BulkBody: Encodable, Sendable {
    /// The rows, at most `rowsMax`.
    package let rows: [MappedRow]

    /// Rows of a request: half of what services take, so that an answer comes soon and progress moves.
    package static let rowsMax = 500
}
