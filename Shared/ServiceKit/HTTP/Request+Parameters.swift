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
    package func query(_ name: String) -> String? {
        guard let text = uri.queryParameters.get(name), !text.isEmpty else { return nil }
        return text
    }

    /// An item of the query in another type.
    ///
    /// - Throws: a 400 problem that names the item when it is there and cannot be read.
    package func query<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = query(name) else { return nil }
        guard let value = read(text) else {
            throw Problem.malformed(
                BilingualText("查询参数 \(name) 无效", "the query item \(name) is not valid"),
                faults: [
                    Problem.Fault(field: name, code: "malformed", BilingualText("无效的值", "the value is not valid"))
                ])
        }
        return value
    }
}
