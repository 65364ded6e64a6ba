import Foundation

/// Turns values into the arrays that libpq takes.
///
/// One is reused for all statements of a connection, so that binding values allocates nothing once it has grown.
package struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// Encodes the values of one statement in place of those before.
    ///
    /// They must have passed ``PostgresStatement/checkParameters()``.
    mutating func encode(_ values: [PostgresValue]) {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        for value in values {
            let start = bytes.count
            formats.append(append(value))
            offsets.append(value == .null ? -1 : start)
            lengths.append(Int32(truncatingIfNeeded: bytes.count - start))
        }
        // An empty value needs an address too, since a null pointer means SQL null.
        bytes.append(0)
    }

    /// Calls `body` with values, lengths and formats as `PQsendQueryPrepared` takes them, valid during the call alone.
    mutating func withPointers<R>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> R
    ) -> R {
        bytes.withUnsafeBytes { raw in
            let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            pointers.removeAll(keepingCapacity: true)
            for offset in offsets {
                pointers.append(offset < 0 ? nil : base.map { $0 + offset })
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }

    /// The encoded bytes of a value alone, `nil` for null; for tests.
    package static func bytes(of value: PostgresValue) -> [UInt8]? {
        var buffer = ParameterBuffer()
        buffer.encode([value])
        return buffer.offsets[0] < 0 ? nil : Array(buffer.bytes[..<Int(buffer.lengths[0])])
    }

    private static let textFormat: Int32 = 0
    private static let binaryFormat: Int32 = 1

    private mutating func append(_ value: PostgresValue) -> Int32 {
        switch value {
        case .null: return Self.binaryFormat
        case .text(let text), .date(let text):
            append(text: text)
            return Self.textFormat
        case .bool(let flag): bytes.append(flag ? 1 : 0)
        case .int4(let number): append(number)
        case .int8(let number): append(number)
        case .float8(let number): append(number.bitPattern)
        case .json(let document):
            // jsonb_recv: one byte version, then the text.
            bytes.append(1)
            bytes.append(contentsOf: document.utf8)
        case .uuid(let id): append(id)
        case .bytea(let data): bytes.append(contentsOf: data)
        case .timestamptz(let date): append(PostgresTime.microseconds(date) ?? 0)
        case .textArray, .int4Array, .int8Array, .uuidArray, .byteaArray, .timestamptzArray, .float8Array, .boolArray:
            append(array: value)
        }
        return Self.binaryFormat
    }

    private mutating func append(array value: PostgresValue) {
        switch value {
        case .textArray(let elements): append(elements, of: .text) { $0.bytes.append(contentsOf: $1.utf8) }
        case .int4Array(let elements): append(elements, of: .int4) { $0.append($1) }
        case .int8Array(let elements): append(elements, of: .int8) { $0.append($1) }
        case .uuidArray(let elements): append(elements, of: .uuid) { $0.append($1) }
        case .byteaArray(let elements): append(elements, of: .bytea) { $0.bytes.append(contentsOf: $1) }
        case .float8Array(let elements): append(elements, of: .float8) { $0.append($1.bitPattern) }
        case .boolArray(let elements): append(elements, of: .bool) { $0.bytes.append($1 ? 1 : 0) }
        case .timestamptzArray(let elements):
            append(elements, of: .timestamptz) { $0.append(PostgresTime.microseconds($1) ?? 0) }
        case .null, .bool, .int4, .int8, .float8, .text, .json, .uuid, .bytea, .timestamptz, .date: break
        }
    }

    /// The binary form of a one-dimensional array, see `array_recv`.
    private mutating func append<Element>(
        _ elements: [Element?], of type: PostgresType,
        _ encode: (inout ParameterBuffer, Element) -> Void
    ) {
        append(Int32(elements.isEmpty ? 0 : 1))
        append(Int32(elements.contains { $0 == nil } ? 1 : 0))
        append(Int32(bitPattern: type.oid))
        guard !elements.isEmpty else { return }
        append(Int32(truncatingIfNeeded: elements.count))
        append(Int32(1))
        for element in elements {
            guard let element else {
                append(Int32(-1))
                continue
            }
            let lengthOffset = bytes.count
            append(Int32(0))
            encode(&self, element)
            let length = Int32(truncatingIfNeeded: bytes.count - lengthOffset - 4)
            withUnsafeBytes(of: length.bigEndian) { bytes.replaceSubrange(lengthOffset..<(lengthOffset + 4), with: $0) }
        }
    }

    private mutating func append(text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    private mutating func append(_ id: UUID) {
        withUnsafeBytes(of: id.uuid) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
