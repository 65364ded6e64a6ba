/// What was done, as the audit trail names it.
package enum AuditAction: String, Sendable, CaseIterable {
    /// Something was made or changed.
    case changed
    /// The present of something was stated for readers that came late; nothing changed.
    case stated
    /// Personal data, or the trail itself, was shown.
    case read
    /// Masked data of one person was shown in full.
    case unmasked
    /// Personal data left the suite as a file.
    case exported
    /// Personal data was corrected at the person's request.
    case corrected
    /// Personal data was erased.
    case erased
    /// A request was sent again and got the answer of the first time; nothing changed.
    case repeated
    /// Something was asked for and not allowed.
    case refused
}

/// One entry of the audit trail: what was done to what; the trail adds who, when and in which operation.
package struct AuditEntry: Sendable, Equatable {
    /// What was done.
    package var action: AuditAction
    /// The kind of object, in kebab case, for example `incident`.
    package var objectType: String
    /// The object's id or code; nil when there are several, or none.
    package var objectID: String?
    /// The division that it belongs to, or the prefix that was looked at.
    package var divisionCode: String?
    /// Counts and codes that say more.
    package var details: AuditDetails

    /// Makes an entry.
    package init(
        _ action: AuditAction, _ objectType: String, id objectID: String? = nil, divisionCode: String? = nil,
        details: AuditDetails = [:]
    ) {
        self.action = action
        self.objectType = objectType
        self.objectID = objectID
        self.divisionCode = divisionCode
        self.details = details
    }
}

/// Counts and codes of an entry, a small JSON object.
///
/// Personal data cannot get in by its form: a text is a code of ASCII letters, digits and a few signs, at most 64 of them;
/// any other character becomes `?`. A caller still must not put a phone or identity number there.
package struct AuditDetails: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// A count or a code.
    package enum Value: Sendable, Equatable {
        /// How many.
        case count(Int)
        /// A code of the domain, or a word of the program.
        case code(String)
    }

    /// Most items of an entry; further ones are left out, the last in the order of names first.
    package static let itemsMax = 16
    /// Most characters of a name or code.
    package static let codeLengthMax = 64

    private var values: [String: Value]

    package init(dictionaryLiteral elements: (String, Value)...) {
        values = Dictionary(elements, uniquingKeysWith: { $1 })
    }

    /// Adds a code where there is one.
    package mutating func add(_ name: String, _ code: String?) {
        if let code { values[name] = .code(code) }
    }

    /// The JSON object, names in order; the same details always give the same text.
    package var json: String {
        let items = values.sorted { $0.key < $1.key }.prefix(Self.itemsMax).map { name, value in
            switch value {
            case .count(let count): "\"\(Self.safe(name))\":\(count)"
            case .code(let code): "\"\(Self.safe(name))\":\"\(Self.safe(code))\""
            }
        }
        return "{" + items.joined(separator: ",") + "}"
    }

    /// Keeps to characters that neither JSON nor a name of a person needs.
    private static func safe(_ text: String) -> String {
        let bytes = text.unicodeScalars.prefix(codeLengthMax).map { scalar -> UInt8 in
            switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z", "-", "_", ".", ":", "/", "+", ",": UInt8(ascii: scalar)
            default: UInt8(ascii: "?")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
