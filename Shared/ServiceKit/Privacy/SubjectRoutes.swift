import Foundation
import Hummingbird
import Models

/// The routes by which a desk carries out what people ask about their own data.
package struct SubjectRoutes: Sendable {
    private let requests: SubjectRequests

    /// Serves requests.
    package init(requests: SubjectRequests) { self.requests = requests }

    /// The desk where the person stands; the officer for personal information, for whoever has no desk.
    private static let access = RouteAccess.allowed(to: [.communityDesk, .privacyOfficer], scope: .division)

    private struct Draft: Decodable, Sendable {
        var kind: String?
        var identityNumber: String?
        var mobile: String?
        var personID: String?
        var objectID: String?
        var checkedBy: String?
    }

    private struct CorrectionDraft: Decodable, Sendable {
        var name: String?
        var mobile: String?
    }

    private struct LiftAnswer: Encodable, Sendable {
        let lifted: Bool
    }

    /// Adds the routes.
    package func add(to routes: SuiteRoutes) {
        addRequests(to: routes)
        guard !requests.markKeys.isEmpty else { return }
        routes.post("/v1/subject-erasures/lift", Self.access) { request, context in
            let draft = try await request.json(Draft.self, context)
            var reader = RowReader()
            let key = Self.key(draft, allowing: requests.markKeys, &reader)
            let document = reader.code(draft.checkedBy, "checkedBy")
            guard reader.isSound, let key, let document else {
                throw Problem.invalid(reader.faults.map(Problem.Fault.init))
            }
            return JSONAnswer(LiftAnswer(lifted: try await requests.lift(key, checkedBy: document)))
        }
    }

    private func addRequests(to routes: SuiteRoutes) {
        routes.post("/v1/subject-requests", Self.access) { request, context in
            let order = try order(try await request.json(Draft.self, context))
            let opened = try await requests.open(
                order.kind, of: order.key, object: order.object, checkedBy: order.document, scope: context.scope)
            guard let opened else { throw Problem.notFound("本服务没有此人的信息", "nothing is kept of this person here") }
            return JSONAnswer(opened)
        }
        routes.get("/v1/subject-requests/:id", Self.access) { _, context in
            JSONAnswer(try Self.found(try await requests.find(try Self.id(context), scope: context.scope)))
        }
        routes.post("/v1/subject-requests/:id/export", Self.access) { _, context in
            let facts = try Self.found(try await requests.export(try Self.id(context), scope: context.scope))
            return try Self.workbook(facts)
        }
        routes.post("/v1/subject-requests/:id/correction", Self.access) { request, context in
            let correction = try Self.correction(try await request.json(CorrectionDraft.self, context))
            return JSONAnswer(
                try Self.found(try await requests.correct(try Self.id(context), correction, scope: context.scope)))
        }
        routes.post("/v1/subject-requests/:id/erasure", Self.access) { _, context in
            JSONAnswer(try Self.found(try await requests.erase(try Self.id(context), scope: context.scope)))
        }
    }

    private struct Order {
        let kind: SubjectRequestKind
        let key: SubjectKey
        let object: String?
        let document: String
    }

    private func order(_ draft: Draft) throws -> Order {
        let terms = requests.terms
        var reader = RowReader()
        let kind = reader.choice(draft.kind, "kind", of: SubjectRequestKind.self)
        if let kind, !terms.kinds.contains(kind) {
            reader.add("kind", .notApplicable, "本服务不保存可更正的信息", "this service keeps nothing that could be corrected")
        }
        let key = Self.key(draft, allowing: terms.keys, &reader)
        let object = reader.optionalCode(draft.objectID, "objectID")
        // By which document the desk has checked who stands there, for example identity-card.
        let document = reader.code(draft.checkedBy, "checkedBy")
        guard reader.isSound, let kind, let key, let document else {
            throw Problem.invalid(reader.faults.map(Problem.Fault.init))
        }
        return Order(kind: kind, key: key, object: object, document: document)
    }

    /// The one key that a draft gives, of those by which the service finds people.
    private static func key(
        _ draft: Draft, allowing kinds: Set<SubjectKey.Kind>, _ reader: inout RowReader
    ) -> SubjectKey? {
        let given: [(kind: SubjectKey.Kind, text: String?)] = [
            (.identityNumber, draft.identityNumber), (.mobile, draft.mobile), (.personID, draft.personID),
        ]
        let present = given.filter { FieldText.present($0.text) != nil }
        guard let only = present.first, present.count == 1, kinds.contains(only.kind) else {
            let names = kinds.map(\.rawValue).sorted()
            for wrong in present.isEmpty ? names : present.map(\.kind.rawValue) {
                reader.add(
                    wrong, .notApplicable, "请填写且只填写其中一项：\(names.joined(separator: "、"))",
                    "give one and only one of: \(names.joined(separator: ", "))")
            }
            return nil
        }
        switch only.kind {
        case .identityNumber:
            return reader.identityNumber(only.text, "identityNumber").map { .identityNumber(Personal($0.number)) }
        case .mobile: return reader.mobile(only.text, "mobile").map { .mobile(Personal($0)) }
        case .personID:
            return reader.value(only.text, "personID", form: ("UUID", "a UUID")) { PersonID($0) }
                .map { .personID($0) }
        }
    }

    private static func id(_ context: SuiteRequestContext) throws -> UUID {
        guard let id = UUID(uuidString: try context.pathText("id")) else { throw noRequest }
        return id
    }

    private static func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw noRequest }
        return value
    }

    private static let noRequest = Problem.notFound("没有这项请求", "there is no such request")

    private static func correction(_ draft: CorrectionDraft) throws -> SubjectCorrection {
        var reader = RowReader()
        let name = draft.name == nil ? nil : reader.personName(draft.name, "name")
        let mobile = reader.optionalMobile(draft.mobile, "mobile")
        if reader.isSound, name == nil, mobile == nil { reader.add(.required("name")) }
        guard reader.isSound else { throw Problem.invalid(reader.faults.map(Problem.Fault.init)) }
        return SubjectCorrection(name: name.map(Personal.init), mobile: mobile.map(Personal.init))
    }

    private static func workbook(_ facts: [SubjectFact]) throws -> Response {
        try SheetAnswer(
            name: "subject-export", sheetName: "个人信息",
            columns: [
                .init("项目 item", width: 32), .init("内容 value", width: 48), .init("用途 purpose"),
            ],
            rows: facts.map { [.text($0.item), .text($0.value.value), .text($0.purpose?.rawValue ?? "")] }
        ).personalWorkbook()
    }
}
