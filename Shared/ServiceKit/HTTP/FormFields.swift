import Hummingbird
import HummingbirdCore
import NIOCore

/// The fields of a form, `application/x-www-form-urlencoded`, in their order.
package struct FormFields: Sendable, Hashable {
    /// The largest form that is read.
    package static let bytesMax = 64 << 10
    /// The most fields of a form.
    package static let fieldsMax = 200

    /// Names and values.
    package let fields: [Field]

    /// One field.
    package struct Field: Sendable, Hashable {
        /// Its name, decoded.
        package let name: String
        /// Its value, decoded; empty where it has none.
        package let value: String
    }

    /// Reads a form.
    ///
    /// - Throws: a 400 problem for what is no UTF-8, for a percent sign without two digits, for a control character that
    ///   ends no line, and for too many fields.
    package init(_ bytes: some Collection<UInt8>) throws {
        let parts = bytes.split(separator: UInt8(ascii: "&"))
        guard parts.count <= Self.fieldsMax else {
            throw Problem.malformed(
                BilingualText("表单字段过多，最多 \(Self.fieldsMax) 个", "the form has more than \(Self.fieldsMax) fields"))
        }
        fields = try parts.map { part in
            let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Field(name: try Self.text(sides[0]), value: sides.count > 1 ? try Self.text(sides[1]) : "")
        }
    }

    /// Reads the form of a request.
    ///
    /// - Throws: a `Problem`: 400 for what is no form, 413 beyond the limit, 415 for another media type.
    package init(of request: Request) async throws {
        try self.init(try await request.bytes(ofTypes: [Self.mediaType], upTo: Self.bytesMax))
    }

    private static let mediaType = "application/x-www-form-urlencoded"

    static func isForm(_ request: Request) -> Bool {
        (request.headers[.contentType] ?? "").prefix { $0 != ";" }.trimmingBlanks().lowercased() == mediaType
    }

    /// The value of the first field of a name; nil for none.
    package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    private static func text(_ part: some Collection<UInt8>) throws -> String {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit)
                else { throw unreadable }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self),
            !text.unicodeScalars.contains(where: {
                $0.properties.generalCategory == .control && !["\n", "\r", "\t"].contains($0)
            })
        else { throw unreadable }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
    }

    private static let unreadable = Problem.malformed(
        BilingualText("表单编码无效，应为 UTF-8 百分号编码", "the form cannot be read; it is UTF-8 with percent signs"))
}
