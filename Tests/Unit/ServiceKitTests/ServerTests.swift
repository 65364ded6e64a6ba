import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Messaging
import Models
import ServiceKit
import Support
import Synchronization
import Testing

/// Routes that are open never ask.
private struct NobodyKnown: TokenVerifying {
    func caller(of token: String) async throws -> Caller { throw TokenFault.unknownKey }
}

/// A whole server on a port of its own, asked over plain sockets.
struct ServerTests {
    private struct Body: Codable, Sendable, ResponseEncodable {
        let name: String
        let at: Date?
    }

    private struct Unlucky: Error {
        let phone = "13812345678"
        let statement = "select name from talent.persons where name = '欧阳春梅'"
    }

    final class Lines: LogSink {
        private let lines = Mutex<[String]>([])
        var text: String { lines.withLock { $0.joined() } }
        func write(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private static func addRoutes(to routes: SuiteRoutes, slowRequests: @escaping @Sendable () -> Void) {
        routes.post("/v1/things", .open) { request, context in try await request.json(Body.self, context) }
        routes.get("/v1/things/:id", .open) { _, context -> String in
            try context.identifier("id", as: IncidentID.self).description
        }
        routes.get("/v1/trace", .open) { _, _ in TraceContext.traceparent ?? "none" }
        routes.get("/v1/unlucky", .open) { _, _ -> String in throw Unlucky() }
        routes.get("/v1/slow", .open) { _, _ -> String in
            slowRequests()
            try await Task.sleep(for: .seconds(60))
            return "late"
        }
        routes.get("/v1/large", .open) { _, _ in String(repeating: "x", count: 32 << 20) }
        routes.list("/v1/page", .open) { _, _, page in try Page(fetched: [1, 2, 3], for: page) { ["\($0)"] } }
        routes.get("/v1/word", .open) { request, _ in try request.query("word") ?? "none" }
        routes.get("/v1/stream", .open) { request, context in
            EventStream.response(to: request, context, heartbeat: .milliseconds(20)) { stream in
                stream.send(ServerSentEvent(id: "1", event: "greeting", data: "你好"))
                while stream.isOpen { try await Task.sleep(for: .milliseconds(5)) }
            }
        }
        routes.get("/v1/flood", .open) { request, context in
            EventStream.response(to: request, context, bufferedEventsMax: 8) { stream in
                let large = String(repeating: "x", count: 1 << 20)
                while stream.send(ServerSentEvent(data: large)) { await Task.yield() }
            }
        }
    }

    /// Runs a server while `body` asks it.
    func withServer(
        limits: RequestLimits = RequestLimits(), tls: ServerTLS? = nil, isServing: Bool = true, lines: Lines = Lines(),
        onSlow: @escaping @Sendable () -> Void = {},
        _ body: (Int) async throws -> Void
    ) async throws {
        let board = HealthBoard()
        if isServing { for dependency in Dependency.allCases { board.note(dependency, .ready) } }
        let server = SuiteServer(limits: limits, board: board, gate: AccessGate(verifier: NobodyKnown()), tls: tls)
        let port = Mutex<Int?>(nil)
        let application = server.application(
            host: "127.0.0.1", port: 0,
            logger: Logger(label: "http") { SuiteLogHandler(label: $0, level: .info, format: .text, sink: lines) },
            open: { routes in
                routes.get("/livez", .open) { _, _ in "alive" }
                ProblemPages(ProblemKind.common).add(to: routes)
            },
            gated: { Self.addRoutes(to: $0, slowRequests: onSlow) },
            onRunning: { bound in port.withLock { $0 = bound } })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { await server.sweepDeadlines() }
            try await eventually(within: .seconds(20), "the server listens") { port.withLock { $0 } != nil }
            try await body(try #require(port.withLock { $0 }))
            group.cancelAll()
        }
    }

    @Test func `a body goes in and comes out with times as RFC 3339`() async throws {
        try await withServer { port in
            let answer = try await TestClient.request(
                "POST", "/v1/things", port: port, headers: ["Content-Type": "application/json"],
                body: #"{"name": "格", "at": "2021-05-01T15:50:00+08:00", "more": [1]}"#)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(answer.body == #"{"at":"2021-05-01T07:50:00.000Z","name":"格"}"#)
        }
    }

    @Test func `errors are problem documents in the caller's language, with the trace`() async throws {
        try await withServer { port in
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let answer = try await TestClient.request(
                "POST", "/v1/things", port: port, headers: ["Accept-Language": "en", "traceparent": trace],
                body: #"{"at": "2021-05-01T15:50:00+08:00"}"#)
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(answer.headers["content-language"] == "en")
            #expect(answer.body.contains(#""field":"/name""#))
            #expect(answer.body.contains("4bf92f3577b34da6a3ce929d0e0e4736"))
            let unknown = try await TestClient.request("GET", "/v1/nowhere", port: port)
            #expect(unknown.status == 404 && unknown.body.contains("没有这个地址"))
            let identifier = try await TestClient.request("GET", "/v1/things/7", port: port)
            #expect(identifier.status == 404)
            let media = try await TestClient.request(
                "POST", "/v1/things", port: port, headers: ["Content-Type": "text/xml"], body: "<a/>")
            #expect(media.status == 415)
            let cursor = try await TestClient.request("GET", "/v1/page?cursor=!", port: port)
            #expect(cursor.status == 400 && cursor.body.contains("cursor"))
        }
    }

    @Test func `a mistake of ours says nothing, and is logged once by its type with the trace`() async throws {
        let lines = Lines()
        try await withServer(lines: lines) { port in
            let answer = try await TestClient.request("GET", "/v1/unlucky", port: port)
            #expect(answer.status == 500)
            for word in Self.inside { #expect(!answer.body.contains(word)) }
            #expect(answer.body.contains("urn:tiaokuai:problem:internal"))
        }
        let failures = lines.text.split(separator: "\n").filter { $0.contains("request failed") }
        #expect(failures.count == 1)
        #expect(failures.first?.contains("Unlucky") == true && failures.first?.contains("trace=") == true)
        for word in Self.inside.dropFirst() { #expect(!lines.text.contains(word)) }
    }

    /// What an answer must never say; a log line may name the type.
    private static let inside = ["Unlucky", "13812345678", "欧阳春梅", "select", "talent.persons"]

    @Test func `the pages of problems speak both languages, as HTML or as plain text`() async throws {
        try await withServer { port in
            let plain = try await TestClient.request("GET", "/problems", port: port)
            #expect(plain.status == 200 && plain.headers["content-type"] == "text/plain; charset=utf-8")
            for kind in ProblemKind.common {
                for text in [kind.type, kind.meaning.chinese, kind.meaning.english, kind.next.chinese] {
                    #expect(plain.body.contains(text), "\(kind.slug)")
                }
                let page = try await TestClient.request(
                    "GET", "/problems/\(kind.slug)", port: port, headers: ["Accept": "text/html,*/*;q=0.8"])
                #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
                #expect(page.body.contains(kind.title.english) && page.body.contains("\(kind.status)"))
            }
            let unknown = try await TestClient.request("GET", "/problems/nothing", port: port)
            #expect(unknown.status == 404 && unknown.headers["content-type"] == "application/problem+json")
            let wrongMethod = try await TestClient.request("DELETE", "/v1/word", port: port)
            #expect(wrongMethod.status == 405 && wrongMethod.headers["allow"] == "GET, HEAD")
            #expect(wrongMethod.body.contains("method-not-allowed"))
            let greedy = try await TestClient.request("GET", "/problems/%3Cscript%3E", port: port)
            #expect(greedy.status == 404 && !greedy.body.contains("<script>"))
        }
    }

    @Test func `control characters in a query are refused by name`() async throws {
        try await withServer { port in
            let answer = try await TestClient.request("GET", "/v1/word?word=a%00b", port: port)
            #expect(answer.status == 400 && answer.body.contains(#""field":"word""#))
            #expect(try await TestClient.request("GET", "/v1/word?word=%E6%A0%BC", port: port).body == "格")
        }
    }

    @Test func `the log line has the route's template, never the path`() async throws {
        let lines = Lines()
        try await withServer(lines: lines) { port in
            let id = IncidentID.new().description
            let answer = try await TestClient.request("GET", "/v1/things/\(id)?phone=13812345678", port: port)
            #expect(answer.body == id)
            _ = try await TestClient.request("GET", "/v1/13812345678", port: port)
        }
        #expect(lines.text.contains("route=/v1/things/") && lines.text.contains("status=200"))
        #expect(lines.text.contains("route=unmatched") && lines.text.contains("status=404"))
        #expect(!lines.text.contains("13812345678") && !lines.text.contains("phone="))
    }

    @Test func `work of a request knows its trace`() async throws {
        try await withServer { port in
            let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let answer = try await TestClient.request("GET", "/v1/trace", port: port, headers: ["traceparent": trace])
            #expect(answer.body.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") && answer.body != trace)
            let made = try await TestClient.request("GET", "/v1/trace", port: port)
            #expect(Traceparent(made.body) != nil)
        }
    }

    @Test func `a body beyond the limit is refused, announced or not`() async throws {
        var limits = RequestLimits()
        limits.bodyBytes = 1024
        try await withServer(limits: limits) { port in
            let large = "{\"name\": \"" + String(repeating: "x", count: 5000) + "\"}"
            let announced = try await TestClient.request("POST", "/v1/things", port: port, body: large)
            #expect(announced.status == 413 && announced.body.contains("1024"))
            let chunk = "1388\r\n" + String(repeating: "x", count: 5000) + "\r\n0\r\n\r\n"
            let chunked = try await TestClient.request(
                "POST", "/v1/things", port: port, headers: ["Transfer-Encoding": "chunked"], raw: chunk)
            #expect(chunked.status == 413)
        }
    }

    @Test func `a request beyond its time is answered with 503 and Retry-After`() async throws {
        var limits = RequestLimits()
        limits.requestTimeout = .milliseconds(100)
        try await withServer(limits: limits) { port in
            let answer = try await TestClient.request("GET", "/v1/slow", port: port)
            #expect(answer.status == 503 && answer.body.contains("timed-out"))
            #expect(answer.headers["retry-after"] == "1")
        }
    }

    @Test func `beyond the bound requests are turned away at once while probes are answered`() async throws {
        var limits = RequestLimits()
        limits.requestsInFlight = 1
        limits.requestsWaiting = 0
        limits.requestTimeout = .seconds(20)
        let slowRequests = Mutex(0)
        try await withServer(limits: limits, onSlow: { slowRequests.withLock { $0 += 1 } }) { port in
            // Nothing else is asked before it is in hand, since that could take its place.
            let slow = Task { try await TestClient.request("GET", "/v1/slow", port: port) }
            try await eventually(within: .seconds(10), "the service is full") { slowRequests.withLock { $0 } == 1 }
            let refused = try await TestClient.request("GET", "/v1/trace", port: port)
            #expect(refused.body.contains("overloaded"))
            #expect(["1", "2", "3"].contains(refused.headers["retry-after"]))
            #expect(try await TestClient.request("GET", "/livez", port: port).status == 200)
            slow.cancel()
        }
    }

    @Test func `while the database is away routes answer 503 at once and probes are answered`() async throws {
        try await withServer(isServing: false) { port in
            let answer = try await TestClient.request("GET", "/v1/trace", port: port)
            #expect(answer.status == 503 && answer.headers["retry-after"] != nil)
            #expect(try await TestClient.request("GET", "/livez", port: port).status == 200)
        }
    }

    @Test func `a page links to the next one`() async throws {
        try await withServer { port in
            let answer = try await TestClient.request("GET", "/v1/page?limit=2", port: port)
            let cursor = try PageCursor.encode(["2"])
            #expect(answer.body == "{\"items\":[1,2],\"next\":\"\(cursor)\"}")
            #expect(answer.headers["link"] == "</v1/page?limit=2&cursor=\(cursor)>; rel=\"next\"")
        }
    }

    @Test func `events and heartbeats reach the reader as they come`() async throws {
        try await withServer { port in
            let client = try TestClient(port: port)
            try client.send("GET /v1/stream HTTP/1.1\r\nHost: test\r\n\r\n")
            let text = try await TestClient.aside { try client.read(until: "\n:\n\n") }
            #expect(text.contains("text/event-stream"))
            #expect(text.contains("id: 1\nevent: greeting\ndata: 你好\n\n"))
        }
    }

    @Test func `a reader that is too slow is dropped`() async throws {
        let lines = Lines()
        try await withServer(lines: lines) { port in
            let client = try TestClient(port: port)
            try client.send("GET /v1/flood HTTP/1.1\r\nHost: test\r\n\r\n")
            // Nothing is read until the buffer has overflowed; then the connection ends instead of going on for ever.
            try await eventually(within: .seconds(20), "the reader is dropped") {
                lines.text.contains("slow reader dropped")
            }
            let text = try await TestClient.aside { try client.read() }
            #expect(text.utf8.count < 32 << 20)
            #expect(!text.hasSuffix("0\r\n\r\n"))
        }
    }
}
