import Foundation

/// A JSON or YAML value, comparable and without the tricks of `NSNumber`.
indirect enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// A text that is not JSON, or a YAML value that JSON does not have.
    struct Unsupported: Error {
        var what: String
    }

    /// Reads JSON.
    init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(json))
    }

    /// Takes what a YAML parser gives.
    init(yaml: Any?) throws {
        switch yaml {
        case nil, is NSNull: self = .null
        case let value as Bool: self = .bool(value)
        case let value as Int: self = .integer(Int64(value))
        case let value as Double: self = .number(value)
        case let value as String: self = .string(value)
        case let value as [Any]: self = .array(try value.map { try JSONValue(yaml: $0) })
        case let value as [String: Any]: self = .object(try value.mapValues { try JSONValue(yaml: $0) })
        case let value?: throw Unsupported(what: "\(type(of: value))")
        }
    }

    /// A member of an object.
    subscript(key: String) -> JSONValue? { object?[key] }

    /// The members, when this is an object.
    var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
    /// The elements, when this is an array.
    var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    /// The text, when this is a string.
    var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The number, when this is an integer.
    var integer: Int64? { if case .integer(let number) = self { number } else { nil } }

    /// The names of an object's members; empty for anything else.
    var keys: Set<String> { Set(object.map { Array($0.keys) } ?? []) }
    /// The members' values or the elements.
    var children: [JSONValue] { object.map { Array($0.values) } ?? array ?? [] }
    /// The elements that are strings; empty for anything but an array.
    var texts: [String] {
        var texts: [String] = []
        for element in array ?? [] { if let text = element.string { texts.append(text) } }
        return texts
    }

    /// All names of members and all strings within.
    var names: Set<String> {
        switch self {
        case .array(let elements): elements.reduce(into: []) { $0.formUnion($1.names) }
        case .object(let members): members.reduce(into: []) { $0.formUnion($1.value.names.union([$1.key])) }
        default: []
        }
    }

    /// All strings within that are values.
    var strings: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.strings)
        case .object(let members): members.values.flatMap(\.strings)
        default: []
        }
    }

    /// The same with members that nobody knows, in every object within.
    var withUnknownMembers: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.withUnknownMembers))
        case .object(var members):
            members = members.mapValues(\.withUnknownMembers)
            members["laterAddition"] = .object(["of": .array([.integer(1), .null, .string("anything")])])
            return .object(members)
        default: return self
        }
    }
}

extension JSONValue: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {  // Not a Bool: the next kind is tried.
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {  // Not an integer: likewise.
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {  // Not a number: likewise.
            self = .number(value)
        } else if let value = try? container.decode(String.self) {  // Not a string: likewise.
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {  // Not an array: an object is left.
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}
