import Hummingbird
import NIOCore

/// Serves the description of the interface.
struct OpenAPIRoutes: Sendable {
    let document: String

    func add(to routes: SuiteRoutes) {
        routes.get("/openapi.yaml", .open) { [document] _, _ in
            Response(
                status: .ok, headers: [.contentType: OpenAPIDocument.mediaType, .cacheControl: "max-age=3600"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: document)))
        }
    }
}
