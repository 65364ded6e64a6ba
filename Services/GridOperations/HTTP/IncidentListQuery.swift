import Hummingbird
import HummingbirdCore
import Models
import ServiceKit

extension Request {
    /// What the list of incidents goes by: exactly what has an index.
    ///
    /// - Throws: a 400 problem that names the item that cannot stand beside another, or cannot be read.
    func incidentQuery(_ context: SuiteRequestContext) throws -> IncidentQuery {
        let stated = try ["q", "due", "mine", "organisation"].filter { try query($0) != nil }
        if context.scope.prefixes.isEmpty, context.scope.own == nil { return try ofUnit(context, stated) }
        let leading = stated.first
        for other in stated.dropFirst() { throw Self.apart(leading ?? "", other) }
        let grid = try codePrefix("grid", max: 17)
        let state = try query("state") { IncidentState(rawValue: $0) }
        if let leading, state != nil { throw Self.apart(leading, "state") }
        if let leading, !grid.isEmpty, leading == "mine" || leading == "organisation" {
            throw Self.apart(leading, "grid")
        }
        switch leading {
        case "q": return .search(try searchTerms(), gridPrefix: grid)
        case "due": return .due(try query("due") { IncidentDue(rawValue: $0) } ?? .all, gridPrefix: grid)
        case "mine": return try mine(context)
        case "organisation":
            return .lying(with: try query("organisation") { $0.count <= 64 ? $0 : nil } ?? "")
        default: return .filed(IncidentFilter(gridPrefix: grid, state: state))
        }
    }

    /// What lies with a unit, for who stands for units alone.
    private func ofUnit(_ context: SuiteRequestContext, _ stated: [String]) throws -> IncidentQuery {
        if let other = stated.first(where: { $0 != "organisation" }) { throw Self.apart("organisation", other) }
        let unit = try query("organisation") ?? (context.scope.units.count == 1 ? context.scope.units.first : nil)
        guard let unit, context.scope.units.contains(unit) else {
            throw Problem.malformed(
                field: "organisation", "请填写您所在的单位", "name a unit that you stand for")
        }
        return .lying(with: unit)
    }

    private func searchTerms() throws -> SearchTerms {
        guard let terms = try query("q").flatMap({ SearchTerms($0) }) else {
            throw Problem.malformed(
                field: "q", "请输入至少含两个连续字的词，总长不超过 \(SearchTerms.signsMax) 个字",
                "type words of which one has two signs or more, at most \(SearchTerms.signsMax) signs together")
        }
        return terms
    }

    private func mine(_ context: SuiteRequestContext) throws -> IncidentQuery {
        let isHandled = try query("mine") { ["handled", "reported"].contains($0) ? $0 == "handled" : nil } ?? true
        guard let person = context.caller.flatMap({ PersonID($0.subject) }) else {
            throw Problem.malformed(
                field: "mine", "登录账号没有个人编号，不能查询本人事件", "the account has no id of a person, so nothing is its own")
        }
        return isHandled ? .handled(by: person) : .reported(by: person)
    }

    private static func apart(_ one: String, _ other: String) -> Problem {
        .malformed(
            field: other, "查询参数 \(other) 不能与 \(one) 同时使用，请分别查询",
            "the query item \(other) cannot stand beside \(one); ask for them one by one")
    }
}
