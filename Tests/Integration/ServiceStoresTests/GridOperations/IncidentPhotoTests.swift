import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Pictures of incidents over HTTP.
@Suite(.timeLimit(.minutes(3))) struct IncidentPhotoTests {
    /// A PNG of one pixel with a text that stands for a place.
    private static let picture =
        Data(
            base64Encoded: """
                iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAADHRFWHRHUFMAMjUuNDA0OE4f783gAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5E\
                rkJggg==
                """
        ).map(Array.init) ?? []

    private func upload(
        _ service: ServedService, to path: String, _ bytes: [UInt8] = picture, type: String = "image/png",
        as role: Role = .communityDesk, _ scope: String = ServedTown.community,
        subject: String = PersonID.new().description,
        key: String = "p"
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "\(path)/photos?stage=scene", as: role, scope, subject: subject,
            headers: ["idempotency-key": key], file: (type, bytes))
    }

    @Test func `a picture is kept once without what it says beside its pixels, and seen by who sees the incident`()
        async throws
    {
        try await ServedTown.with { service in
            let reporter = PersonID.new()
            let path = try await service.report(resident: reporter)
            let added = try await upload(
                service, to: path, as: .resident, "self", subject: reporter.description)
            #expect(added.status == 201 && added.body.contains("人脸"), "\(added.body)")
            let location = try #require(added.headers["location"])
            let again = try await upload(service, to: path, key: "other")
            #expect(again.status == 201 && again.headers["location"] == location)
            let shown = try await service.ask("GET", path, as: .communityDesk, ServedTown.community)
            #expect(shown.body.ranges(of: "\"hash\"").count == 1 && shown.body.contains("add-photo"), "\(shown.body)")
            let file = try await service.ask("GET", location, as: .gridWorker, "\(ServedTown.community)001")
            #expect(file.headers["content-type"] == "image/png" && file.headers["x-content-type-options"] == "nosniff")
            #expect(file.bytes.starts(with: [0x89, 0x50]) && !file.body.contains("25.4048"))
            #expect(file.bytes.count < Self.picture.count)
            let own = try await service.ask("GET", location, as: .resident, "self", subject: reporter.description)
            #expect(own.bytes == file.bytes)
            for (role, scope) in [
                (Role.communityDesk, "532923100002"), (.resident, "self"), (.propertyCompany, "unit:P1"),
            ] {
                #expect(try await service.ask("GET", location, as: role, scope).status == 404)
            }
        }
    }

    @Test func `what is no picture is refused with its reason, and so is one too many or one for what has ended`()
        async throws
    {
        try await ServedTown.with { service in
            let path = try await service.report()
            let other = try await upload(service, to: path, Array("<svg/>".utf8))
            #expect(other.status == 422 && other.body.contains("photo-refused") && other.body.contains("JPEG"))
            #expect(other.body.contains("\"code\":\"malformed\""), "\(other.body)")
            #expect(try await upload(service, to: path, Array(Self.picture.dropLast(9))).status == 422)
            #expect(try await upload(service, to: path, type: "application/json").status == 415)
            #expect(try await upload(service, to: path, [UInt8](repeating: 0, count: (8 << 20) + 1)).status == 413)
            #expect(try await upload(service, to: "/v1/incidents/\(UUID())").status == 404)
            try await RowScope.service {
                _ = try await service.pool.query(
                    """
                    insert into grid.incident_photos
                    select i.id, sha256(n::text::bytea), i.grid_code, 'scene', 'image/png', 1, 1, 1, 'x', now()
                    from grid.incidents i, generate_series(1, \(IncidentPhoto.most)) n
                    """)
            }
            let full = try await upload(service, to: path)
            #expect(full.status == 409 && full.body.contains("too-many-photos"))
            _ = try await service.order(path, "reject", "{\"reason\":\"重复\"}")
            let late = try await upload(service, to: path, key: "late")
            #expect(late.status == 409, "\(late.body)")
        }
    }
}
