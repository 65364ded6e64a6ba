import Foundation
import Models
import Postgres
import ServiceKit
import Spreadsheets
import Support
import Testing

/// The communities of people who ask about their own data.
enum AskingSubject {
    /// Where the desk is.
    static let mine = "532923100001"
    /// Its neighbour.
    static let theirs = "532923100002"
}

/// What people ask about their own data, as the desk sends it.
extension ServedService {
    struct OpenedRequest {
        let status: Int
        let id: String
        let body: String
    }

    /// Opens a request.
    ///
    /// - Parameter key: who asks, as members of the request, for example `"mobile":"13800138000"`.
    func openSubjectRequest(
        _ kind: String, _ key: String, scope: String = AskingSubject.mine, as role: Role = .communityDesk
    ) async throws -> OpenedRequest {
        let answer = try await ask(
            "POST", "/v1/subject-requests", as: role, scope, subject: "desk-1",
            body: "{\"kind\":\"\(kind)\",\(key),\"checkedBy\":\"identity-card\"}")
        let id = answer.body.firstMatch(of: /"id":"([0-9a-fA-F-]{36})"/).map { String($0.output.1) } ?? ""
        return OpenedRequest(status: answer.status, id: id, body: answer.body)
    }

    /// Answers a request: `export`, `correction` or `erasure`.
    func answerSubjectRequest(
        _ id: String, _ step: String, body: String? = nil, scope: String = AskingSubject.mine
    ) async throws -> Answer {
        try await ask(
            "POST", "/v1/subject-requests/\(id)/\(step)", as: .communityDesk, scope, subject: "desk-1", body: body)
    }

    /// The workbook of an export: each item with its values.
    func subjectCopy(_ key: String) async throws -> [String: [String]] {
        let request = try await openSubjectRequest("export", key)
        #expect(request.status == 200, "\(request.body)")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).xlsx")
        // Only a temporary file is left behind.
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(try await answerSubjectRequest(request.id, "export").bytes).write(to: file)
        let reader = try SpreadsheetReader.open(file.path)
        var cells: [String: [String]] = [:]
        while let row = try reader.next() {
            let value = try row["内容 value"]?.trimmedTextOrEmpty() ?? ""
            cells[try row["项目 item"]?.trimmedTextOrEmpty() ?? "", default: []].append(value)
        }
        return cells
    }

    /// The first column of what a statement gives, read past row-level security.
    func lines(_ statement: PostgresStatement) async throws -> [String] {
        let connection = try await PostgresConnection.connect(superuser.configuration)
        let rows = try await connection.query(statement).rows
        await connection.close()
        return try rows.map { try $0.decode(at: 0, as: String.self) }
    }

    /// How many a holding finds where the database itself hides nothing.
    func found(_ key: SubjectKey, in holding: any SubjectHolding, scope: String) async throws -> Int {
        let filter = ScopeFilter([try #require(Scope(scope))])
        return try await RowScope.service {
            try await pool.withTransaction { transaction in
                try await holding.find(key, scope: filter, in: transaction).count
            }
        }
    }
}
