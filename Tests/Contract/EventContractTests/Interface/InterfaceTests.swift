import Foundation
import HTTPTypes
import Models
import ServiceKit
import Testing

/// The descriptions of the services' interfaces against the routes that they declare, both ways.
struct InterfaceTests {
    private let documents: [InterfaceDocument]

    init() async throws { documents = try await InterfaceDocument.all() }

    private func forEachPair(
        _ check: (InterfaceDocument, RouteDeclaration, InterfaceDocument.Operation) throws -> Void
    ) throws {
        for document in documents {
            for (route, operation) in try document.pairs() { try check(document, route, operation) }
        }
    }

    @Test func `every route is described and every operation is a route`() {
        for document in documents {
            let declared = document.routes.map(InterfaceDocument.name)
            #expect(Set(declared).count == declared.count, "\(document.service.rawValue) declares a route twice")
            #expect(Set(document.operations.map(\.name)) == Set(declared), "\(document.service.rawValue)")
            #expect(declared.count > 17)
        }
    }

    @Test func `roles and scopes are those of the declaration`() throws {
        try forEachPair { document, route, operation in
            switch route.access {
            case .open:
                #expect(operation.value["security"] == .array([]), "\(document.service.rawValue) \(route.name)")
                #expect(operation.value["x-roles"] == nil)
            case .apiKey(let isRequired):
                let keys = operation.value["security"]?.array ?? []
                #expect(keys.contains { $0.keys == ["open311Key"] }, "\(route.name)")
                #expect(keys.contains { $0.keys.isEmpty } != isRequired, "\(route.name)")
                #expect(operation.value["x-roles"] == nil)
            case .roles(let roles, let scope):
                #expect(operation.value["security"] == nil, "\(route.name)")
                #expect(operation.value["x-roles"]?.texts == roles.map(\.rawValue).sorted(), "\(route.name)")
                #expect(operation.value["x-scope"] == .string("\(scope)"), "\(route.name)")
            }
        }
    }

    @Test func `headers that a route demands are required, and no others`() throws {
        try forEachPair { _, route, operation in
            let demanded = route.demands.map { demand in
                switch demand {
                case .idempotencyKey: "Idempotency-Key"
                case .ifMatch: "If-Match"
                }
            }
            #expect(operation.requiredHeaders == Set(demanded), "\(route.name)")
        }
    }

    @Test func `a route that changes something without such a header says why it may be sent again`() throws {
        try forEachPair { _, route, operation in
            let mustSay = route.method != .get && route.demands.isEmpty
            #expect((operation.value["x-repeatable"]?.string ?? "").isEmpty != mustSay, "\(route.name)")
        }
    }

    @Test func `lists and only lists take limit and cursor and link to the next page`() throws {
        try forEachPair { document, route, operation in
            let isList = route.pageKeys != nil
            #expect(operation.names(in: "query").isSuperset(of: ["limit", "cursor"]) == isList, "\(route.name)")
            let answer = operation.value["responses"]?["200"].map(document.resolved)
            #expect((answer?["headers"]?["Link"] != nil) == isList, "\(route.name)")
            guard isList else { return }
            let schema = answer?["content"]?["application/json"]?["schema"].map(document.resolved)
            #expect(schema?["properties"]?.keys.isSuperset(of: ["items", "next"]) == true, "\(route.name)")
        }
    }

    @Test func `every answer that a declaration can bring is described, and none that it cannot`() throws {
        try forEachPair { _, route, operation in
            // The server refuses a header that is too large before it looks for a route.
            var expected: Set<String> = ["431"]
            switch route.access {
            case .open: break
            case .roles: expected.formUnion(["401", "403"])
            case .apiKey: expected.insert("403")
            }
            if !["/livez", "/metrics"].contains(route.path) { expected.insert("503") }
            if operation.value["requestBody"] != nil {
                expected.formUnion(route.answersByOpen311 ? ["400"] : ["400", "413", "415"])
            }
            if !operation.names(in: "query").isEmpty { expected.insert("400") }
            if route.demands.contains(.idempotencyKey) { expected.formUnion(["400", "422"]) }
            if route.demands.contains(.ifMatch) { expected.formUnion(["412", "428"]) }
            if operation.path.contains("{") { expected.insert("404") }
            #expect(operation.statuses.isSuperset(of: expected), "\(route.name): \(expected)")
            let decidedByTheRoute: Set<String> = ["404", "409", "422", "429"]
            let errors = operation.statuses.filter { ("400"..."599").contains($0) }
            #expect(errors.subtracting(expected).isSubset(of: decidedByTheRoute), "\(route.name)")
            #expect(operation.statuses.contains { $0.hasPrefix("2") }, "\(route.name)")
        }
    }

    @Test func `parts of the path are parameters and the other way round`() throws {
        try forEachPair { _, _, operation in
            let parts = operation.path.matches(of: /\{(\w+)\}/).map { String($0.1) }
            #expect(operation.names(in: "path") == Set(parts), "\(operation.name)")
            for parameter in operation.parameters where parameter["in"] == .string("path") {
                #expect(parameter["required"] == .bool(true), "\(operation.name)")
            }
        }
    }

    @Test func `errors are problem documents, and say when or how to come back`() throws {
        try forEachPair { document, route, operation in
            for (status, value) in operation.value["responses"]?.object ?? [:] where status >= "400" {
                let answer = document.resolved(value)
                guard operation.path != "/readyz" else { continue }
                let headers = answer["headers"]?.keys ?? []
                // Those of Open311 are in its own form; what is no answer of a route is as everywhere.
                if route.answersByOpen311, !["431", "503"].contains(status) {
                    #expect(answer["content"]?.keys == ["text/xml", "application/json"], "\(route.name) \(status)")
                    #expect(headers.contains("Retry-After") == (status == "429"), "\(route.name) \(status)")
                    continue
                }
                #expect(answer["content"]?.keys == ["application/problem+json"], "\(route.name) \(status)")
                #expect(headers.contains("Content-Language"), "\(route.name) \(status)")
                #expect(headers.contains("WWW-Authenticate") == ["401", "403"].contains(status), "\(route.name)")
                #expect(headers.contains("Retry-After") == ["429", "503"].contains(status), "\(route.name) \(status)")
            }
        }
    }

    @Test func `every reference leads somewhere and every operation has a name of its own`() {
        for document in documents {
            let resolver = SchemaValidator(document: document.document)
            for reference in Self.references(document.document) {
                #expect(resolver.resolve(reference) != nil, "\(document.service.rawValue): \(reference)")
            }
            let names = document.operations.compactMap { $0.value["operationId"]?.string }
            #expect(Set(names).count == document.operations.count, "\(document.service.rawValue)")
        }
    }

    @Test func `what all services have alike is the same in all five`() throws {
        let common = try InterfaceDocument.common()
        let paths = try #require(common["paths"]?.object)
        for document in documents {
            for (path, item) in paths { #expect(document.document["paths"]?[path] == item, "\(path)") }
            for (section, members) in common["components"]?.object ?? [:] {
                for (name, member) in members.object ?? [:] {
                    #expect(document.document["components"]?[section]?[name] == member, "\(section) \(name)")
                    // The service's own part must not say it another way.
                    #expect(document.own["components"]?[section]?[name] == nil, "\(section) \(name)")
                }
            }
            #expect(document.own["paths"]?.keys.isDisjoint(with: paths.keys) == true)
            // Nothing is lost in the joining.
            let ownPaths = document.own["paths"]?.keys ?? []
            #expect(document.document["paths"]?.keys == ownPaths.union(paths.keys))
            for (name, schema) in document.own["components"]?["schemas"]?.object ?? [:] {
                #expect(document.document["components"]?["schemas"]?[name] == schema, "\(name)")
            }
        }
    }

    @Test func `objects in answers hold nothing that is not described`() {
        for document in documents {
            for operation in document.operations {
                for (status, answer) in operation.value["responses"]?.object ?? [:] {
                    for schema in Self.objects(in: answer, of: document) {
                        #expect(
                            schema["additionalProperties"] != nil, "\(operation.name) \(status): \(schema.keys)")
                    }
                }
            }
        }
    }

    @Test func `the documents are of this release`() {
        for document in documents {
            #expect(document.document["openapi"] == .string("3.1.0"))
            #expect(document.document["info"]?["version"] == .string(BuildVersion.version))
        }
    }

    @Test func `a problem has the fields that are described`() throws {
        let schema = try #require(try InterfaceDocument.common()["components"]?["schemas"]?["Problem"])
        let problem = Problem.invalid(field: "/a", code: "b", "中", "en")
        let bytes = try JSONEncoder().encode(ProblemDocument(problem, in: .english, traceID: "0"))
        let full = try JSONValue(json: Array(bytes))
        #expect(full.keys == schema["properties"]?.keys)
        let bare = try JSONValue(
            json: Array(JSONEncoder().encode(ProblemDocument(.internalError, in: .english, traceID: "0"))))
        #expect(bare.keys == Set(schema["required"]?.texts ?? []))
    }

    @Test func `the kinds of problems have slugs of their own, and words in both languages`() {
        for document in documents {
            #expect(!document.kinds.isEmpty)
            #expect(Set(document.kinds.map(\.slug)).count == document.kinds.count, "\(document.service.rawValue)")
            for kind in document.kinds {
                #expect(kind.slug.wholeMatch(of: /[a-z][a-z0-9-]*/) != nil && (400...599).contains(kind.status))
                for text in [kind.title, kind.meaning, kind.next] {
                    #expect(!text.chinese.isEmpty && !text.english.isEmpty, "\(kind.slug)")
                    #expect(text.chinese != text.english, "\(kind.slug)")
                }
            }
        }
    }

    // MARK: - Walking

    private static func references(_ value: JSONValue) -> [String] {
        let own = value["$ref"]?.string
        return (own.map { [$0] } ?? []) + value.children.flatMap(references)
    }

    /// The schemas with properties within a value, references followed once each.
    private static func objects(in value: JSONValue, of document: InterfaceDocument) -> [JSONValue] {
        var found: [JSONValue] = []
        var seen: Set<String> = []
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.string {
                if seen.insert(reference).inserted { walk(document.resolved(value)) }
                return
            }
            if value["type"] == .string("object"), value["properties"] != nil { found.append(value) }
            value.children.forEach(walk)
        }
        walk(value)
        return found
    }
}

extension RouteDeclaration {
    /// Whether its errors are those of Open311.
    fileprivate var answersByOpen311: Bool {
        if case .apiKey = access { true } else { false }
    }
}
