import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Where the key set of the identity provider (JWKS, RFC 7517) is read.
package protocol KeyDocument: Sendable {
    /// Reads it whole, bounded in size and time.
    func load() async throws -> [UInt8]
}

/// A key set that could not be had, by kind: never what the other side said.
package struct KeyDocumentFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong.
    package let description: String
}

extension KeyDocumentFailure: SafelyDescribedError {}

/// The bounds of key sets.
enum KeyDocumentLimits {
    /// A key takes about 1 KB; 64 of them fit.
    static let bytesMax = 256 << 10
}

/// A key set in a file, for the local stack and for sites that bring it by other means.
package struct KeyFile: KeyDocument {
    private let path: String

    /// Names the file.
    package init(path: String) { self.path = path }

    package func load() async throws -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw KeyDocumentFailure(description: "the file of keys cannot be read")
        }
        defer { try? file.close() }  // Opened to read only: its closing can lose nothing.
        let data = try file.read(upToCount: KeyDocumentLimits.bytesMax + 1) ?? Data()
        guard data.count <= KeyDocumentLimits.bytesMax else {
            throw KeyDocumentFailure(description: "the file of keys is too large")
        }
        return Array(data)
    }
}

/// A key set at an address.
package struct KeyAddress: KeyDocument {
    private let url: String
    private let timeout: Duration

    /// Names the address.
    ///
    /// - Parameter timeout: longest time for the whole answer.
    package init(url: String, timeout: Duration = .seconds(5)) {
        self.url = url
        self.timeout = timeout
    }

    package func load() async throws -> [UInt8] {
        // Asked every few minutes, so a client of its own for each time is cheaper than one that is kept.
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(3)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let answer = await answer(client)
        // Nothing depends on how the connection ends.
        try? await client.shutdown()
        return try answer.get()
    }

    private func answer(_ client: HTTPClient) async -> Result<[UInt8], KeyDocumentFailure> {
        await withTaskGroup(of: Result<[UInt8], KeyDocumentFailure>.self) { group in
            group.addTask { await fetch(client) }
            group.addTask {
                // Cancelled when the answer was first.
                try? await Task.sleep(for: timeout)
                return .failure(KeyDocumentFailure(description: "the address of the keys did not answer in time"))
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(KeyDocumentFailure(description: "no answer"))
        }
    }

    private func fetch(_ client: HTTPClient) async -> Result<[UInt8], KeyDocumentFailure> {
        do {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
            let response = try await client.execute(request, deadline: .now() + TimeAmount(timeout))
            guard response.status == .ok else {
                return .failure(
                    KeyDocumentFailure(description: "the address of the keys answered \(response.status.code)"))
            }
            let body = try await response.body.collect(upTo: KeyDocumentLimits.bytesMax)
            return .success(Array(body.readableBytesView))
        } catch is NIOTooManyBytesError {
            return .failure(KeyDocumentFailure(description: "the key set is too large"))
        } catch {
            return .failure(KeyDocumentFailure(description: "the address of the keys cannot be reached"))
        }
    }
}
