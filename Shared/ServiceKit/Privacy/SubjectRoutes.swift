import Foundation
import Hummingbird
import Models
import NIOCore
import Spreadsheets

/// The routes by which a desk carries out what people ask about their own data.
package struct SubjectRoutes: Sendable {
    private let requests: SubjectRequests

    /// Serves requests.
    package init(requests: SubjectRequests) { self.requests = requests }

    private static let access = RouteAccess.allowed(to: [.communityDesk], scope: .division)

    private struct Draft: Decodable, Sendable {
        var kind: String?
        var identityNumber: String?
        var checkedBy: String?
    }

    private struct CorrectionDraft: Decodable, Sendable {
        var name: String?
        var mobile: String?
    }

    /// Adds the routes.
    package func add(to routes: SuiteRoutes) {
        routes.post("/v1/subject-requests", Self.access) { request, context in
            let draft = try await request.json(Draft.self, context)
            var reader = RowReader()
            let kind = reader.choice(draft.kind, "kind", of: SubjectRequestKind.self)
            let identity = reader.identityNumber(draft.identityNumber, "identityNumber")
            // By which document the desk has checked who stands there, for example identity-card.
            let document = reader.code(draft.checkedBy, "checkedBy")
            guard reader.isSound, let kind, let identity, let document else {
                throw Problem.invalid(reader.faults.map(Problem.Fault.init))
            }
            let opened = try await requests.open(
                kind, identity: Personal(identity.number), checkedBy: document, scope: context.scope)
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

    /// One sheet, made in a file that nobody else may read and that is gone before the answer is sent.
    private static func workbook(_ facts: [SubjectFact]) throws -> Response {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("subject-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // A folder that cannot be removed is emptied by the system; nothing can be done about it here.
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("export.xlsx").path
        let writer = try SpreadsheetWriter(
            path, sheetName: "个人信息",
            columns: [
                SpreadsheetColumn("项目 item", width: 32), SpreadsheetColumn("内容 value", width: 48),
                SpreadsheetColumn("用途 purpose"),
            ])
        for fact in facts {
            try writer.append([.text(fact.item), .text(fact.value.value), .text(fact.purpose?.rawValue ?? "")])
        }
        try writer.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                .contentDisposition: "attachment; filename=\"subject-export.xlsx\"", .cacheControl: "no-store",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
