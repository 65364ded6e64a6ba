import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Postgres
import Support

extension LocalSuite {
    private struct Figures: Decodable {
        struct Produced: Decodable { let head: Int }
        let pending: Int
        let produced: [Produced]
    }

    /// Whether a service has events of its own.
    func hasTaken(_ service: String) async throws -> Bool {
        let figures = try await figures(at: url(service))
        return figures.pending > 0 || figures.produced.contains { $0.head > 0 }
    }

    /// How many deliveries of events seen before the readers of a service have let pass.
    ///
    /// By its database: the service itself may stand still.
    func duplicates(of service: String) async throws -> Int {
        let connection = try await PostgresConnection.connect(database(of: service))
        let sum = try await connection.query("select sum(duplicates)::bigint as sum from messaging.watermarks").rows
        await connection.close()
        return try sum.first?.decode("sum") ?? 0
    }

    /// A token of the suite's own issuer.
    func token(_ role: String, _ scope: String) async throws -> String {
        let run = try await tiaokuai(
            "token", "--role", role, "--scope", scope, "--subject", "00000000-0000-7000-8000-000000000001")
        guard run.status == 0 else { throw JourneyFailure(description: run.errors) }
        return run.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func figures(at url: String) async throws -> Figures {
        var request = HTTPClientRequest(url: url + "/v1/messaging/audit")
        request.headers.add(name: "Authorization", value: "Bearer \(try await token("cloud-operator", "532923"))")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(2))
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(Figures.self, from: Data(body.readableBytesView))
    }

    /// Reports incidents one after another, each again under its key until it is answered.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - story: sets their keys apart from those of other calls.
    ///   - pack: where the places are taken from.
    func report(_ count: Int, story: String, at pack: PackSheets) async throws {
        let places = try pack.rows("26").map(\.cells)
        let resident = try await token("resident", "self")
        for number in 0..<count {
            let place = places[number % places.count]
            let body = """
                {"function": "emergencyManagement", "title": "井盖松动", "description": "路口井盖松动。", "source": "resident",
                 "longitude": \(place["经度"] ?? ""), "latitude": \(place["纬度"] ?? ""), "urgency": "ordinary"}
                """
            var request = HTTPClientRequest(url: url("grid-operations") + "/v1/incidents")
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.headers.add(name: "Idempotency-Key", value: "\(story)-\(number)")
            request.headers.add(name: "Authorization", value: "Bearer \(resident)")
            request.body = .bytes(ByteBuffer(string: body))
            try await eventually(within: .seconds(60), "incident \(number) of \(story) is taken") { [request] in
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
                let answer = String(buffer: try await response.body.collect(upTo: 1 << 16))
                guard response.status == .created else {
                    throw JourneyFailure(description: "\(response.status): \(answer)")
                }
                return true
            }
        }
    }
}
