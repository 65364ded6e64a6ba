import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import HTTPTypes
import Models
import NotificationsService
import ServiceKit
import TalentRegistryService
import Testing
import Yams

/// The description of a service's interface as it is served, beside the routes that the service declares.
struct InterfaceDocument: Sendable {
    /// One operation of the document.
    struct Operation: Sendable {
        let method: String
        let path: String
        let value: JSONValue
        /// The parameters with references followed.
        let parameters: [JSONValue]

        var name: String { "\(method) \(path)" }
        var statuses: Set<String> { value["responses"]?.keys ?? [] }

        /// The required headers that it takes.
        var requiredHeaders: Set<String> {
            Set(
                parameters.filter { $0["in"] == .string("header") && $0["required"] == .bool(true) }
                    .compactMap { $0["name"]?.string })
        }

        /// The names of its parameters of one place, `path`, `query` or `header`.
        func names(in place: String) -> Set<String> {
            Set(parameters.filter { $0["in"] == .string(place) }.compactMap { $0["name"]?.string })
        }
    }

    let service: ServiceName
    let document: JSONValue
    /// The service's own part.
    let own: JSONValue
    let routes: [RouteDeclaration]
    /// The kinds of problems that the service has pages of.
    let kinds: [ProblemKind]

    /// The five services.
    static func all() async throws -> [InterfaceDocument] {
        [
            try await InterfaceDocument(CloudGateway.self), try await InterfaceDocument(CommunityPairing.self),
            try await InterfaceDocument(GridOperations.self), try await InterfaceDocument(Notifications.self),
            try await InterfaceDocument(TalentRegistry.self),
        ]
    }

    /// The part that all services have alike.
    static func common() throws -> JSONValue {
        try parse(String(contentsOf: OpenAPIDocument.commonPart, encoding: .utf8))
    }

    private init<S: SuiteService>(_ type: S.Type) async throws {
        service = S.name
        kinds = ProblemKind.common + S.problemKinds
        document = try Self.parse(try OpenAPIDocument.load(own: S.openAPI))
        own = try Self.parse(String(contentsOf: S.openAPI, encoding: .utf8))
        // Nothing of it is started: the addresses lead nowhere.
        let keys = [1, 2].map { Data(repeating: $0, count: 32).base64EncodedString() }
        routes = try await ServiceInterface.routes(
            of: type,
            environment: [
                "TIAOKUAI_DATABASE_URL": "postgres://u:p@127.0.0.1:1/d",
                "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "TIAOKUAI_AUTH_ISSUER": "urn:test",
                "TIAOKUAI_AUTH_JWKS": "file:/nowhere", "TIAOKUAI_COUNTY": "532923",
                "TIAOKUAI_CRYPTO_KEYS":
                    "{\"current\": \"a\", \"keys\": {\"a\": \"\(keys[0])\"}, \"lookup\": \"\(keys[1])\"}",
            ])
    }

    private static func parse(_ text: String) throws -> JSONValue { try JSONValue(yaml: try Yams.load(yaml: text)) }

    /// What a reference leads to; the value itself when it is none.
    func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.string else { return value }
        return SchemaValidator(document: document).resolve(reference) ?? .null
    }

    /// All operations.
    var operations: [Operation] {
        (document["paths"]?.object ?? [:]).flatMap { path, item in
            (item.object ?? [:]).map { method, value in
                Operation(
                    method: method.uppercased(), path: path, value: value,
                    parameters: (value["parameters"]?.array ?? []).map(resolved))
            }
        }
    }

    /// Each route with its operation.
    func pairs() throws -> [(route: RouteDeclaration, operation: Operation)] {
        let byName = Dictionary(grouping: operations, by: \.name)
        return try routes.map { route in
            (route, try #require(byName[Self.name(of: route)]?.first, "\(service.rawValue): no \(route.name)"))
        }
    }

    /// The name of a route as the document has it: `:id` is `{id}` there.
    static func name(of route: RouteDeclaration) -> String {
        let path = route.path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
        return "\(route.method.rawValue) /\(path.joined(separator: "/"))"
    }
}
