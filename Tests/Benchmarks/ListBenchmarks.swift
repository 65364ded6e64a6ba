import AsyncHTTPClient
import Foundation
import Models
import NIOCore
import NIOHTTP1
import Postgres
import Support

/// Every list of incidents over HTTP, with 10 000 and with 1 000 000 stored, asked in turns.
struct ListBenchmarks {
    private let sizes = [10_000, 1_000_000]
    private let rounds = 60
    /// A list may take so many milliseconds, and so many times what it takes with few stored.
    private let budget = (milliseconds: 20.0, ratio: 1.5)

    /// A list with who asks for it.
    private struct List {
        let what: String
        let path: String
        let role: Role
        let scope: String
        var subject = "person-1"
    }

    private static let lists: [List] = {
        let (town, community, area) = (StoredIncidents.town, StoredIncidents.community, StoredIncidents.area)
        func q(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text }
        let incidents = "/v1/incidents"
        return [
            List(what: "newest of a community", path: incidents, role: .communityDesk, scope: community),
            List(what: "newest of a town", path: incidents, role: .townOfficer, scope: town),
            List(
                what: "one state of a grid", path: "\(incidents)?grid=\(area)&state=closed", role: .communityDesk,
                scope: community),
            List(
                what: "a rare state of a town", path: "\(incidents)?state=rejected", role: .townOfficer, scope: town),
            List(
                what: "handled by a person", path: "\(incidents)?mine=handled", role: .townOfficer, scope: town,
                subject: StoredIncidents.handler),
            List(
                what: "reported by a person", path: "\(incidents)?mine=reported", role: .resident, scope: "self",
                subject: StoredIncidents.reporter),
            List(
                what: "lying with an organisation", path: "\(incidents)?organisation=\(StoredIncidents.organisation)",
                role: .townOfficer, scope: town),
            List(
                what: "overdue in a community", path: "\(incidents)?due=overdue", role: .communityDesk, scope: community
            ),
            List(what: "overdue in a town", path: "\(incidents)?due=overdue", role: .townOfficer, scope: town),
            List(
                what: "text, a frequent word, town", path: "\(incidents)?q=\(q("井盖"))", role: .townOfficer, scope: town),
            List(
                what: "text, a frequent word, community", path: "\(incidents)?q=\(q("井盖"))", role: .communityDesk,
                scope: community),
            List(
                what: "text, two frequent words, town", path: "\(incidents)?q=\(q("井盖缺失 危险"))",
                role: .townOfficer, scope: town),
            List(
                what: "text, a rare word, town", path: "\(incidents)?q=\(q(StoredIncidents.rareWord))",
                role: .townOfficer, scope: town),
            List(what: "text, no hit, town", path: "\(incidents)?q=\(q("没有此词"))", role: .townOfficer, scope: town),
            List(
                what: "map of a community", path: "/v1/incident-map?box=100,25,100.02,25.2&zoom=15",
                role: .communityDesk, scope: community),
            List(
                what: "map of a town", path: "/v1/incident-map?box=100,25,101,25.2&zoom=12", role: .townOfficer,
                scope: town),
        ]
    }()

    func lists() async throws -> [Measurement] {
        var stages: [GridStage] = []
        for size in sizes {
            let stage = try await GridStage.start("bench_lists_\(size)")
            let owner = try await PostgresConnection.connect(stage.database)
            try await owner.script(
                StoredIncidents.layout + StoredIncidents.filling(size), timeout: .seconds(1200))
            for statement in StoredIncidents.counting { try await owner.script(statement, timeout: .seconds(600)) }
            await owner.close()
            stages.append(stage)
        }
        var table: [Measurement] = []
        for list in Self.lists { table.append(try await measure(list, stages)) }
        for stage in stages { await stage.stop() }
        return table
    }

    private func measure(_ list: List, _ stages: [GridStage]) async throws -> Measurement {
        var times: [[Double]] = stages.map { _ in [] }
        var items: [Int] = stages.map { _ in 0 }
        for round in 0..<rounds {
            for (index, stage) in stages.enumerated() {
                let token = try stage.service.token(list.role, list.scope, of: list.subject)
                let start = ContinuousClock.now
                items[index] = try await Self.ask(stage.service, list, token: token)
                // The first few open connections and prepare statements.
                if round >= 10 { times[index].append((ContinuousClock.now - start).inSeconds * 1000) }
            }
        }
        let medians = times.map(median)
        let ratio = (medians.last ?? .nan) / (medians.first ?? .nan)
        return Measurement(
            what: "list: \(list.what)",
            figure:
                "\((medians.last ?? .nan).places(1)) ms with 1 000 000, \((medians.first ?? .nan).places(1)) ms with 10 000 = "
                + "\(ratio.places(2)) ×",
            budget: "20 ms, 1.5 ×",
            isMet: (medians.last ?? .infinity) < budget.milliseconds && ratio <= budget.ratio,
            note: "\(items.last ?? 0) and \(items.first ?? 0) shown; p95 "
                + "\(percentile(times.last ?? [], 0.95).places(1)) ms; over HTTP with authentication")
    }

    /// Asks for a list and says how many items or clusters came.
    private static func ask(_ service: RunningService, _ list: List, token: String) async throws -> Int {
        var request = HTTPClientRequest(url: service.url + list.path)
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = String(buffer: try await response.body.collect(upTo: 4 << 20))
        guard response.status == .ok else { throw BenchmarkFailure("\(list.path) answered \(response.status)") }
        return body.components(separatedBy: "\"latitude\"").count - 1
    }
}
