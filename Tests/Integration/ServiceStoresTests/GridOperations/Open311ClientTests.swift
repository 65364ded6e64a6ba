import Foundation
import Models
import Support
import Testing

/// Open311 with a client that others wrote: `three` of PyPI.
@Suite(.timeLimit(.minutes(5))) struct Open311ClientTests {
    private static let script =
        URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/")
        .dropFirst() + "/deploy/scripts/open311_client.sh"

    private static func isInstalled() async -> Bool {
        // Why it could not be installed is of no interest: the test is then skipped.
        (try? await ChildProcess.run(["bash", String(script), "--install"])) != nil
    }

    @Test(
        .enabled("three 安装失败，需要能访问 PyPI three could not be installed: PyPI must be reachable") { await isInstalled() })
    func `the client three finds services, reports, and reads what it reported`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key()
            let output = try await ChildProcess.run(["bash", String(Self.script), service.address, key])
            #expect(output.hasSuffix("three: all is well\n"), "\(output)")
            let incidents = try await service.ask("GET", "/v1/incidents", as: .communityDesk, ServedTown.community)
            #expect(incidents.body.contains("某处停水") && incidents.body.contains("EM-UTILITY"), "\(incidents.body)")
        }
    }
}
