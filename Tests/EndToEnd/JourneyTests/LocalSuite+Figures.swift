import AsyncHTTPClient
import Foundation
import NIOCore

extension LocalSuite {
    private struct Figures: Decodable {
        struct Produced: Decodable { let head: Int }
        let pending: Int
        let produced: [Produced]
    }

    /// Whether a service has events of its own.
    func hasTaken(_ service: String) async throws -> Bool {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: url(service) + "/v1/messaging/audit"), timeout: .seconds(2))
        let body = try await response.body.collect(upTo: 1 << 20)
        let figures = try JSONDecoder().decode(Figures.self, from: Data(body.readableBytesView))
        return figures.pending > 0 || figures.produced.contains { $0.head > 0 }
    }
}
