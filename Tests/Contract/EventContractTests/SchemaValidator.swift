import Foundation
import Models

/// Checks values against the part of JSON Schema that the contract uses.
///
/// A keyword outside of that part is a fault of the schema: what is not understood must not pass as met.
struct SchemaValidator {
    /// The document in which references are looked up.
    let document: JSONValue

    private static let known: Set<String> = [
        "$ref", "type", "required", "properties", "additionalProperties", "enum", "pattern", "format", "minimum",
        "minLength", "items", "allOf", "description",
    ]

    /// What is wrong with a value, one line for each fault; empty when it is as the schema says.
    func faults(of value: JSONValue, against schema: JSONValue, at path: String = "") -> [String] {
        guard let keywords = schema.object else { return ["\(path): the schema is not an object"] }
        if let reference = keywords["$ref"]?.string {
            guard keywords.count == 1, let target = resolve(reference) else {
                return ["\(path): \(reference) leads nowhere"]
            }
            return faults(of: value, against: target, at: path)
        }
        var faults = keywords.keys.filter { !Self.known.contains($0) }.map { "\(path): unknown keyword \($0)" }
        for part in keywords["allOf"]?.array ?? [] { faults += self.faults(of: value, against: part, at: path) }
        if let type = keywords["type"], !Self.isOf(type, value) { return faults + ["\(path): not of type \(type)"] }
        if let allowed = keywords["enum"]?.array, !allowed.contains(value) { faults.append("\(path): not in the list") }
        switch value {
        case .string(let text): faults += Self.faults(of: text, keywords, at: path)
        case .integer(let number):
            if let least = keywords["minimum"]?.integer, number < least { faults.append("\(path): below \(least)") }
        case .array(let items):
            for (place, item) in items.enumerated() {
                guard let schema = keywords["items"] else { break }
                faults += self.faults(of: item, against: schema, at: "\(path)/\(place)")
            }
        case .object(let members): faults += self.faults(of: members, keywords, at: path)
        default: break
        }
        return faults
    }

    /// What a reference within the document leads to.
    func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(document) { $0?[String($1)] }
    }

    private func faults(
        of members: [String: JSONValue], _ keywords: [String: JSONValue], at path: String
    ) -> [String] {
        var faults: [String] = []
        for name in keywords["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            faults.append("\(path)/\(name): missing")
        }
        let properties = keywords["properties"]?.object ?? [:]
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let schema = properties[name] {
                faults += self.faults(of: member, against: schema, at: "\(path)/\(name)")
            } else if let rest = keywords["additionalProperties"], rest != .bool(true) {
                faults +=
                    rest == .bool(false)
                    ? ["\(path)/\(name): not allowed"] : self.faults(of: member, against: rest, at: "\(path)/\(name)")
            }
        }
        return faults
    }

    private static func faults(of text: String, _ keywords: [String: JSONValue], at path: String) -> [String] {
        var faults: [String] = []
        if let least = keywords["minLength"]?.integer, text.count < least { faults.append("\(path): too short") }
        if let pattern = keywords["pattern"]?.string,
            text.range(of: pattern, options: .regularExpression) == nil
        {
            faults.append("\(path): not as \(pattern)")
        }
        let isOfFormat =
            switch keywords["format"]?.string {
            case nil: true
            case "uuid": UUID(uuidString: text) != nil && text == text.lowercased()
            case "date": CalendarDay(text) != nil
            case "date-time": RFC3339.parse(text) != nil
            default: false
            }
        return isOfFormat ? faults : faults + ["\(path): not of its format"]
    }

    private static func isOf(_ type: JSONValue, _ value: JSONValue) -> Bool {
        switch (type.string, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }
}
