import Foundation
import HTTPTypes
import Hummingbird
import Models
import NIOCore
import ServiceKit

/// The routes of pictures of incidents.
struct PhotoRoutes {
    let photos: KeepPhotos

    func add(to routes: SuiteRoutes) {
        routes.post(
            "/v1/incidents/:id/photos",
            .allowed(to: IncidentAction.addPhoto.roles, scope: IncidentAction.addPhoto.scope),
            demanding: .idempotencyKey
        ) { request, context -> Response in
            let incident: IncidentID = try context.identifier("id")
            let stage = try request.query("stage") { PhotoStage(rawValue: $0) } ?? .scene
            let (original, key) = try await request.idempotentBytes(
                ofTypes: ["image/jpeg", "image/png"], upTo: photos.bytesMax, context)
            let stated = try context.actor(stated: request.query("actor"))
            guard let actor = stated.flatMap({ PersonID($0) }) else { throw Problem.actorRequired }
            let photo = try await photos.add(
                original, stage, to: incident, by: actor, key: key, scope: context.scope)
            return try PhotoBody(photo, notice: true)
                .created(at: "/v1/incidents/\(incident)/photos/\(photo.hash)", request, context)
        }
        routes.get(
            "/v1/incidents/:id/photos/:hash", .allowed(to: .incidentReading, scope: .divisionUnitOrOwn)
        ) { request, context -> Response in
            let file = try await photos.file(
                context.pathText("hash"), of: context.identifier("id"), scope: context.scope)
            var response = TaggedDocument.answer(
                request, file.bytes, contentType: file.mediaType, disposition: "inline")
            // What people upload is shown as what it was found to be and nothing else.
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
    }
}

/// A picture in an answer, without its content.
struct PhotoBody: ResponseEncodable, Sendable {
    let hash: String
    let stage: PhotoStage
    let mediaType: String
    let width: Int
    let height: Int
    let byteCount: Int
    let addedAt: Date
    /// What to look out for with the next one (PR-17); only where one has just been added.
    let notice: Notice?

    /// A text in both languages.
    struct Notice: Encodable, Sendable {
        let zh = "照片请避开人脸和车牌；结案六个月后删除。"
        let en = "Avoid faces and number plates; pictures are deleted six months after the close."
    }

    init(_ photo: IncidentPhoto, notice: Bool = false) {
        hash = photo.hash
        stage = photo.stage
        mediaType = photo.mediaType
        width = photo.width
        height = photo.height
        byteCount = photo.byteCount
        addedAt = photo.addedAt
        self.notice = notice ? Notice() : nil
    }
}

extension Problem {
    fileprivate static let actorRequired = Problem.invalid(
        field: "actor", code: RowFault.Code.required.rawValue, "请用查询参数 actor 填写操作人编号",
        "state who acts in the query item actor")
}

extension PhotoNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这张照片", "there is no such picture") }
}

extension PhotoRefusal: ProblemConvertible {
    package var problem: Problem {
        Problem(.photoRefused, detail: why, faults: [Problem.Fault(field: "", code: code.rawValue, why)])
    }

    private var code: RowFault.Code {
        switch self {
        case .otherFormat, .damaged: .malformed
        case .tooLarge, .tooManyPixels: .outOfRange
        }
    }

    private var why: BilingualText {
        switch self {
        case .otherFormat:
            BilingualText("文件不是 JPEG 或 PNG", "the file is neither a JPEG nor a PNG")
        case .damaged:
            BilingualText("文件不完整或已损坏，请重新拍照或上传", "the file is cut off or damaged; take or send it again")
        case .tooLarge(let most):
            BilingualText("文件超过 \(most >> 20) MB", "the file is larger than \(most >> 20) MB")
        case .tooManyPixels(let most):
            BilingualText("照片超过 \(most / 1_000_000) 百万像素", "the picture has more than \(most / 1_000_000) megapixels")
        }
    }
}
