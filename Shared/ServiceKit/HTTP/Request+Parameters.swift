import Hummingbird
import HummingbirdCore
import Models

extension SuiteRequestContext {
    /// A part of the path, for example `id` of `/v1/incidents/:id`, as an identifier.
    ///
    /// - Throws: a 404 problem when it is not one, since no such thing can exist.
    package func identifier<ID: UUIDIdentifier>(_ name: String, as type: ID.Type = ID.self) throws -> ID {
        guard let text = parameters.get(name), let identifier = ID(text) else { throw Problem.notFound() }
        return identifier
    }

    /// A part of the path as text.
    ///
    /// - Throws: a 404 problem when the route has no such part.
    package func pathText(_ name: String) throws -> String {
        guard let text = parameters.get(name) else { throw Problem.notFound() }
        return text
    }
}

extension Request {
    /// An item of the query as text, or nil when it is absent or empty.
    ///
    /// - Throws: a 400 problem that names the item when it is longer than 1024 bytes or holds a control character, which no
    ///   text of ours does and no database takes.
    package func query(_ name: String) throws -> String? {
        guard let text = uri.queryParameters.get(name), !text.isEmpty else { return nil }
        guard text.utf8.count <= 1024,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw Self.malformedQuery(name) }
        return text
    }

    /// An item of the query in another type.
    ///
    /// - Throws: a 400 problem that names the item when it is there and cannot be read.
    package func query<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = try query(name) else { return nil }
        guard let value = read(text) else { throw Self.malformedQuery(name) }
        return value
    }

    private static func malformedQuery(_ name: String) -> Problem {
        .malformed(field: name, "查询参数 \(name) 无效", "the query item \(name) is not valid")
    }
}
