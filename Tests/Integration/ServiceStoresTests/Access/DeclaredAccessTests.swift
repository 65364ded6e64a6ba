import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import HTTPTypes
import Models
import NotificationsService
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// Every route of every service against every role, made from the declarations themselves.
struct DeclaredAccessTests {
    @Test func `cloud gateway lets in whom it declares and nobody else`() async throws {
        try await ServedService.with(CloudGateway.self) { try await check($0) }
    }

    @Test func `community pairing lets in whom it declares and nobody else`() async throws {
        try await ServedService.with(CommunityPairing.self) { try await check($0) }
    }

    @Test func `grid operations lets in whom it declares and nobody else`() async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { try await check($0) }
    }

    @Test func `notifications let in whom they declare and nobody else`() async throws {
        try await ServedService.with(Notifications.self) { try await check($0) }
    }

    @Test func `the talent registry lets in whom it declares and nobody else`() async throws {
        try await ServedService.with(TalentRegistry.self) { try await check($0) }
    }

    private func check(_ service: ServedService) async throws {
        #expect(!service.declarations.isEmpty)
        for route in service.declarations where !Self.byLink.contains(route.name) {
            let path = Self.path(route.path)
            let nobody = try await service.ask(route.method.rawValue, path, as: [])
            if case .apiKey(let isRequired) = route.access {
                // A token is nothing to them, nor is a key that nobody made.
                #expect((nobody.status == 403) == isRequired, "\(route.name) without a key")
                let stranger = try await service.ask(
                    route.method.rawValue, path + "?api_key=tiaokuai311_0123456789", as: [])
                #expect(stranger.status == 403, "\(route.name) with a key that nobody made")
            } else {
                #expect(nobody.status == 401, "\(route.name) without a token")
            }
            #expect(route.access != .open, "\(route.name) is open")
            for role in Role.allCases {
                for scope in Self.scopes {
                    let grant = Grant(role, scope)
                    let answer = try await service.ask(route.method.rawValue, path, as: [grant])
                    let isRefused = answer.status == 401 || answer.status == 403
                    #expect(
                        isRefused != route.admits(grant),
                        "\(route.name) as \(role.rawValue) of \(scope.text): \(answer.status)")
                    #expect(answer.status < 500, "\(route.name): \(answer.body)")
                }
            }
        }
    }

    /// The routes that need no token, since the link that leads there is the proof.
    private static let byLink: Set<String> = ["GET /v1/unsubscribe", "POST /v1/unsubscribe"]

    /// One scope of every kind and of the levels that roles have.
    private static let scopes: [Scope] = [
        "*", "532923", "532923100", "532923100001", "532923100001001", "unit:U1", "self",
    ]
    .compactMap { Scope($0) }

    /// The path with something in each place.
    private static func path(_ template: String) -> String {
        template.split(separator: "/").map { part in
            switch part {
            case ":code": "532923100001001"
            case ":id" where template.contains("inbox"): "1"
            case ":file": "1.xml"
            case _ where part.hasSuffix("{format}"): String(part).replacing("{format}", with: "xml")
            case _ where part.hasPrefix(":"): UUID().uuidString.lowercased()
            default: String(part)
            }
        }.reduce(into: "") { $0 += "/" + $1 }
    }
}
