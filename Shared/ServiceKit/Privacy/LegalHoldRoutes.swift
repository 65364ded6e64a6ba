import Foundation
import Hummingbird
import Models

/// The routes of legal holds: one person in charge asks, another approves.
struct LegalHoldRoutes: Sendable {
    let holds: LegalHolds
    let clock: any SuiteClock

    private struct Draft: Decodable, Sendable {
        var objectType: String?
        var objectID: String?
        var until: String?
        var ground: String?
    }

    private struct List: Encodable, Sendable {
        let items: [LegalHolds.Hold]
    }

    private static let access = RouteAccess.allowed(to: [.privacyOfficer], scope: .service)

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/legal-holds", Self.access) { request, context in
            let draft = try await request.json(Draft.self, context)
            var reader = RowReader()
            let type = reader.code(draft.objectType, "objectType")
            if let type, !holds.types.contains(type) {
                let known = holds.types.sorted()
                reader.add(.unknownWord("objectType", chinese: known, english: known))
            }
            let object = reader.code(draft.objectID, "objectID")
            let until = reader.day(draft.until, "until")
            if let until, until < (try CountyCalendar.day(of: clock.now)) {
                reader.add("until", "in-past", "截止日已过，请改为今后的日期", "the day has passed; give one to come")
            }
            let ground = reader.code(draft.ground, "ground")
            guard reader.isSound, let type, let object, let until, let ground else {
                throw Problem.invalid(reader.faults.map(Problem.Fault.init))
            }
            return JSONAnswer(
                try await holds.ask(
                    objectType: type, objectID: object, until: until, ground: ground, at: clock.now))
        }
        routes.post("/v1/legal-holds/:id/approval", .allowed(to: [.privacyOfficer, .countyAdmin], scope: .service)) {
            _, context in
            guard let id = UUID(uuidString: try context.pathText("id")),
                let hold = try await holds.approve(id, at: clock.now)
            else { throw Problem.notFound("没有这项保留", "there is no such hold") }
            return JSONAnswer(hold)
        }
        routes.get("/v1/legal-holds", Self.access) { request, _ in
            func needed(_ name: String) throws -> String {
                guard let value = try request.query(name) else {
                    throw Problem.malformed(field: name, "须给出 \(name)", "\(name) is needed")
                }
                return value
            }
            let (type, object) = (try needed("objectType"), try needed("objectID"))
            return JSONAnswer(List(items: try await holds.holds(onType: type, id: object)))
        }
    }
}
