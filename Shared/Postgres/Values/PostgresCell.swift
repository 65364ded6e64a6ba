/// One value of a row as the server sent it, for types that decode themselves.
///
/// The bytes belong to the result and live as long as the cell does; they are never copied before a type asks for it.
package struct PostgresCell {
    /// The value in PostgreSQL's binary form; `nil` is SQL null.
    package let bytes: UnsafeRawBufferPointer?
    /// Data type of the value (`pg_type.oid`).
    package var typeOID: UInt32 { type.oid }

    let type: PostgresType
    /// Keeps the memory behind `bytes` alive.
    private let owner: AnyObject

    /// Makes a cell over memory that `owner` keeps alive and nobody changes.
    package init(bytes: UnsafeRawBufferPointer?, typeOID: UInt32, owner: AnyObject) {
        self.init(bytes: bytes, type: PostgresType(oid: typeOID), owner: owner)
    }

    init(bytes: UnsafeRawBufferPointer?, type: PostgresType, owner: AnyObject) {
        self.bytes = bytes
        self.type = type
        self.owner = owner
    }

    /// A part of this cell, such as an element of an array.
    func part(_ bytes: UnsafeRawBufferPointer?, type: PostgresType) -> PostgresCell {
        PostgresCell(bytes: bytes, type: type, owner: owner)
    }
}

/// Why a value could not be decoded; rows add the column.
///
/// Never holds the value.
package struct PostgresDecodingFailure: Error, Sendable, Hashable {
    /// What was expected and what was there, by type.
    package let reason: String

    /// Makes a failure with its reason.
    package init(reason: String) {
        self.reason = reason
    }
}

extension PostgresCell {
    /// The bytes of a value that must not be null.
    ///
    /// - Throws: ``PostgresDecodingFailure`` for null.
    package func required() throws -> UnsafeRawBufferPointer {
        guard let bytes else { throw PostgresDecodingFailure(reason: "is null") }
        return bytes
    }

    /// Reads a big-endian number that takes the whole value.
    func number<N: FixedWidthInteger>(_: N.Type) throws -> N {
        let bytes = try required()
        guard bytes.count == MemoryLayout<N>.size else {
            throw PostgresDecodingFailure(reason: "has \(bytes.count) bytes instead of \(MemoryLayout<N>.size)")
        }
        return N(bigEndian: bytes.loadUnaligned(as: N.self))
    }

    func mismatch(_ wanted: String) -> PostgresDecodingFailure {
        PostgresDecodingFailure(reason: "is \(type.label), not \(wanted)")
    }
}
