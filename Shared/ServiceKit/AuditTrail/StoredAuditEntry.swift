import Postgres

/// An entry as the database holds it, every column in the form of which the hash is made.
package struct StoredAuditEntry: Sendable, Equatable {
    /// Its place in the trail.
    package var position: Int64
    /// PostgreSQL's binary form of the month, four bytes.
    package var month: [UInt8]
    /// PostgreSQL's binary form of the time, eight bytes: exact, whatever it holds.
    package var at: [UInt8]
    /// The transaction's id in decimal digits.
    package var xid: String
    /// See `Actor.Kind`.
    package var actorKind: String
    /// The token's subject, or a service's name.
    package var actor: String
    /// PostgreSQL's text form of the array.
    package var roles: String
    /// Method and path of the route, or the name of a job.
    package var operation: String
    /// The purpose that the caller gave.
    package var purpose: String?
    /// See `AuditAction`.
    package var action: String
    /// The kind of object.
    package var objectType: String
    /// The object's id or code.
    package var objectID: String?
    /// The division that it belongs to.
    package var divisionCode: String?
    /// The trace of the request.
    package var traceID: String?
    /// Counts and codes, a JSON object.
    package var details: String

    /// Puts an entry together.
    package init(
        position: Int64, month: [UInt8], at: [UInt8], xid: String, actorKind: String, actor: String, roles: String,
        operation: String, purpose: String?, action: String, objectType: String, objectID: String?,
        divisionCode: String?, traceID: String?, details: String
    ) {
        self.position = position
        self.month = month
        self.at = at
        self.xid = xid
        self.actorKind = actorKind
        self.actor = actor
        self.roles = roles
        self.operation = operation
        self.purpose = purpose
        self.action = action
        self.objectType = objectType
        self.objectID = objectID
        self.divisionCode = divisionCode
        self.traceID = traceID
        self.details = details
    }

    /// The columns to select for `init(_:)`.
    static let columns = """
        position, date_send(month) as month, timestamptz_send(at) as at, xid::text as xid, actor_kind, actor,
        roles::text as roles, operation, purpose, action, object_type, object_id, division_code, trace_id, details
        """

    /// The form that is hashed, version 1: the fields in the order of the table's columns, one after another.
    ///
    /// Each is its length (four bytes, big-endian) and its bytes; four bytes of 255 alone are null. Texts are UTF-8, the
    /// position has eight bytes, big-endian; month and time are PostgreSQL's own four and eight bytes.
    package var canonicalBytes: [UInt8] {
        var bytes = CanonicalBytes()
        bytes.append(month)
        bytes.append(xid)
        bytes.append(position)
        bytes.append(at)
        for text in [actorKind, actor, roles, operation, purpose, action, objectType, objectID, divisionCode, traceID] {
            bytes.append(text)
        }
        bytes.append(details)
        return bytes.bytes
    }
}

extension StoredAuditEntry {
    /// Reads a row of `columns`.
    init(_ row: PostgresRow) throws {
        self.init(
            position: try row.decode("position"), month: try row.decode("month"), at: try row.decode("at"),
            xid: try row.decode("xid"), actorKind: try row.decode("actor_kind"), actor: try row.decode("actor"),
            roles: try row.decode("roles"), operation: try row.decode("operation"),
            purpose: try row.decodeIfPresent("purpose"), action: try row.decode("action"),
            objectType: try row.decode("object_type"), objectID: try row.decodeIfPresent("object_id"),
            divisionCode: try row.decodeIfPresent("division_code"), traceID: try row.decodeIfPresent("trace_id"),
            details: try row.decode("details"))
    }
}

/// Fields one after another, each with its length before it, so that no two rows of fields give the same bytes.
struct CanonicalBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ field: [UInt8]?) {
        guard let field else { return appendLength(.max) }
        appendLength(UInt32(field.count))
        bytes += field
    }

    mutating func append(_ text: String?) {
        guard let text else { return appendLength(.max) }
        appendLength(UInt32(text.utf8.count))
        bytes += text.utf8
    }

    mutating func append(_ number: Int64) {
        appendLength(8)
        appendBigEndian(number)
    }

    private mutating func appendLength(_ length: UInt32) { appendBigEndian(length) }

    private mutating func appendBigEndian(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }
}
