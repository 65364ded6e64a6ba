import HTTPTypes
import Hummingbird
import NIOCore

/// The catalogue of problems for people: what each `type` means and what to do about it, in both languages, made from the
/// lists of kinds.
package struct ProblemPages: Sendable {
    private let kinds: [ProblemKind]

    /// Shows kinds, sorted by status and slug.
    package init(_ kinds: [ProblemKind]) {
        self.kinds = kinds.sorted { ($0.status, $0.slug) < ($1.status, $1.slug) }
    }

    /// Adds the pages, which are open.
    package func add(to routes: SuiteRoutes) {
        routes.get("/problems", .open) { request, _ in
            Self.answer(request, title: "问题类型 Problems", kinds: kinds)
        }
        routes.get("/problems/:slug", .open) { request, context in
            let slug = try context.pathText("slug")
            guard let kind = kinds.first(where: { $0.slug == slug }) else {
                throw Problem.notFound("没有这种问题", "there is no such kind of problem")
            }
            return Self.answer(request, title: kind.slug, kinds: [kind])
        }
    }

    private static func answer(_ request: Request, title: String, kinds: [ProblemKind]) -> Response {
        // Browsers name text/html; whoever takes anything gets what a terminal can show.
        let isHTML = request.headers[.accept]?.contains("text/html") == true
        return Response(
            status: .ok,
            headers: [
                .contentType: isHTML ? "text/html; charset=utf-8" : "text/plain; charset=utf-8", .vary: "Accept",
                .cacheControl: "max-age=3600",
            ],
            body: ResponseBody(
                byteBuffer: ByteBuffer(string: isHTML ? html(title, kinds) : kinds.map(plain).joined(separator: "\n"))))
    }

    private static func plain(_ kind: ProblemKind) -> String {
        """
        \(kind.status) \(kind.slug)
          \(kind.type)
          \(kind.title.chinese) \(kind.title.english)
          \(kind.meaning.chinese)
          \(kind.meaning.english)
          下一步：\(kind.next.chinese)
          Next step: \(kind.next.english)

        """
    }

    private static func html(_ title: String, _ kinds: [ProblemKind]) -> String {
        let sections = kinds.map { kind in
            """
            <section id="\(escaped(kind.slug))">
            <h2>\(kind.status) <a href="/problems/\(escaped(kind.slug))">\(escaped(kind.slug))</a></h2>
            <p><code>\(escaped(kind.type))</code></p>
            \(paragraphs(kind.title))\(paragraphs(kind.meaning))
            <p lang="zh-CN">下一步：\(escaped(kind.next.chinese))</p>
            <p lang="en">Next step: \(escaped(kind.next.english))</p>
            </section>
            """
        }
        return """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8"><title>\(escaped(title))</title></head><body>
            <h1>\(escaped(title))</h1>
            \(sections.joined(separator: "\n"))
            </body></html>

            """
    }

    private static func paragraphs(_ text: BilingualText) -> String {
        "<p lang=\"zh-CN\">\(escaped(text.chinese))</p><p lang=\"en\">\(escaped(text.english))</p>"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
