import Foundation
import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes by which a county keeps the words of messages.
struct TemplateRoutes {
    let keep: KeepTemplates

    private static let reading = RouteAccess.allowed(to: [.countyAdmin, .townOfficer], scope: .division)
    private static let writing = RouteAccess.allowed(to: [.countyAdmin], scope: .division)

    func add(to routes: SuiteRoutes) {
        routes.list("/v1/templates", Self.reading, keys: 2) { _, _, page in
            let last = try page.codesAfter().map { (code: $0[0], channel: $0[1]) }
            let versions = try await keep.list(after: last, limit: page.fetchLimit)
            return try Page(
                fetched: versions.map(TemplateBody.init), for: page, keys: { [$0.code, $0.channel] })
        }
        routes.list("/v1/templates/:code/:channel", Self.reading) { _, context, page in
            let before = try page.numberAfter().map { Int(clamping: $0) }
            // Of what no template can be called there are no versions.
            guard let key = TemplateKey(try context.pathText("code"), try context.pathText("channel")) else {
                return try Page<TemplateBody>(fetched: [], for: page, keys: { ["\($0.version)"] })
            }
            let versions = try await keep.versions(of: key, before: before, limit: page.fetchLimit)
            return try Page(fetched: versions.map(TemplateBody.init), for: page, keys: { ["\($0.version)"] })
        }
        addWriting(to: routes)
        addTrying(to: routes)
    }

    private func addWriting(to routes: SuiteRoutes) {
        routes.put("/v1/templates/:code/:channel/draft", Self.writing, demanding: .ifMatch) {
            request, context -> Response in
            let revision = try request.expectedVersion()
            let words = try await request.json(WordsBody.self, context).words
            let version = try await keep.draft(
                context.templateKey(), words, by: context.subject(), ifRevision: revision, scope: context.scope)
            return try TemplateBody(version).response(from: request, context: context).tagged(version: version.revision)
        }
        routes.post("/v1/templates/:code/:channel/draft/approve", Self.writing, demanding: .ifMatch) {
            request, context -> Response in
            let revision = try request.expectedVersion()
            let version = try await keep.approve(
                context.templateKey(), by: context.subject(), ifRevision: revision, scope: context.scope)
            return try TemplateBody(version).response(from: request, context: context).tagged(version: version.revision)
        }
    }

    private func addTrying(to routes: SuiteRoutes) {
        routes.post("/v1/templates/:code/:channel/:version/preview", Self.reading) { request, context -> WordsBody in
            let event = try await request.json(TrialOrder.self, context).news()
            let words = try await keep.preview(
                context.templateKey(), version: context.templateVersion(), of: event)
            return WordsBody(words)
        }
        routes.post("/v1/templates/:code/:channel/:version/test", Self.writing) { request, context -> Response in
            let event = try await request.json(TrialOrder.self, context).news()
            guard let person = PersonID(try context.subject()) else {
                throw Problem.notFound("您没有收件箱", "you have no inbox")
            }
            try await keep.test(
                context.templateKey(), version: context.templateVersion(), of: event, to: person, scope: context.scope)
            return Response(status: .noContent)
        }
    }
}

/// The words of a template as JSON.
struct WordsBody: Codable, ResponseEncodable, Sendable {
    let title: String
    let titleEn: String
    let body: String
    let bodyEn: String

    init(_ words: TemplateWords) {
        title = words.title.chinese
        titleEn = words.title.english
        body = words.body.chinese
        bodyEn = words.body.english
    }

    var words: TemplateWords {
        TemplateWords(title: MessageText(title, titleEn), body: MessageText(body, bodyEn))
    }
}

/// A version of a template as JSON.
struct TemplateBody: ResponseEncodable {
    let code: String
    let channel: String
    let version: Int
    let state: String
    let isInForce: Bool
    let revision: Int
    let title: String
    let titleEn: String
    let body: String
    let bodyEn: String
    let slots: [String]
    let createdAt: Date
    let approvedAt: Date?

    init(_ version: TemplateVersion) {
        code = version.key.code
        channel = version.key.channel.rawValue
        self.version = version.version
        state = version.state.rawValue
        isInForce = version.isInForce
        revision = version.revision
        title = version.words.title.chinese
        titleEn = version.words.title.english
        body = version.words.body.chinese
        bodyEn = version.words.body.english
        slots = version.words.slots.sorted().map(\.rawValue)
        createdAt = version.createdAt
        approvedAt = version.approvedAt
    }
}

/// For which event a template is tried.
private struct TrialOrder: Decodable {
    let event: String

    func news() throws(MessageFaults) -> NewsEvent {
        guard let event = NewsEvent(rawValue: event) else { throw MessageFaults([.event("event")]) }
        return event
    }
}

extension SuiteRequestContext {
    /// The template in the path.
    ///
    /// - Throws: `TemplateRefusal.unknown` when no template can have this name.
    fileprivate func templateKey() throws -> TemplateKey {
        guard let key = TemplateKey(try pathText("code"), try pathText("channel")) else {
            throw TemplateRefusal.unknown
        }
        return key
    }

    fileprivate func templateVersion() throws -> Int {
        guard let number = Int32(try pathText("version")), number > 0 else { throw TemplateRefusal.unknown }
        return Int(number)
    }

    /// Who asks.
    fileprivate func subject() throws -> String {
        guard let caller else { throw Problem.notFound() }
        return caller.subject
    }
}
