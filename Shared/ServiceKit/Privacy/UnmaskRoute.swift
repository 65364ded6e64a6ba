import Hummingbird
import Models

/// What all routes that unmask have alike: an order in, one record out.
package enum UnmaskRoute {
    /// Reads the order of a request, runs a use case as the caller with that purpose, and answers with what it gives.
    ///
    /// - Parameters:
    ///   - purposes: the purposes that fit the route.
    ///   - run: the use case; nil when there is no such record in the caller's scope.
    /// - Throws: a problem of the request, a 404, or what the use case throws.
    package static func answer<Body: Encodable & Sendable>(
        _ request: Request, _ context: SuiteRequestContext, allowing purposes: Set<Purpose>,
        run: (UnmaskOrder, ScopeFilter) async throws -> Body?
    ) async throws -> Response {
        let draft = try await request.json(UnmaskDraft.self, context)
        let order: UnmaskOrder
        do {
            order = try draft.checked(allowing: purposes)
        } catch {
            throw Problem.invalid(error.faults.map(Problem.Fault.init))
        }
        var actor = Actor.current
        actor?.purpose = order.purpose.rawValue
        let body = try await Actor.$current.withValue(actor) { try await run(order, context.scope) }
        guard let body else { throw Problem.notFound("没有这条记录", "there is no such record") }
        var response = try context.responseEncoder.encode(body, from: request, context: context)
        // What was shown once and written down must not lie in somebody's cache.
        response.headers[.cacheControl] = "no-store"
        return response
    }
}

/// An unmasked person in an answer.
package struct UnmaskedBody: Encodable, Sendable {
    let name: String
    let mobile: String?

    /// Shows a person.
    ///
    /// - Parameter showsMobile: whether the number is shown in full too; masked otherwise.
    package init(_ person: UnmaskedPerson, showsMobile: Bool = true) {
        name = person.name.value.text
        mobile = person.mobile.map { showsMobile ? $0.value : Masking.mobile($0.value) }
    }
}
