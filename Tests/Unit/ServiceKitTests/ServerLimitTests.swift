import Foundation
import ServiceKit
import Support
import Testing

/// Clients that send too much or take too long, over real sockets.
struct ServerLimitTests {
    /// One request in hand at a time and nobody waiting, so that a place which is not given back shows.
    private var limits: RequestLimits {
        var limits = RequestLimits()
        limits.requestsInFlight = 1
        limits.requestsWaiting = 0
        limits.clientTimeout = .milliseconds(300)
        return limits
    }

    @Test func `a header beyond the limit is refused with 431, and so are too many fields`() async throws {
        try await ServerTests().withServer(limits: limits) { port in
            let large = try await TestClient.request(
                "GET", "/v1/trace", port: port, headers: ["X-Large": String(repeating: "x", count: 20_000)])
            #expect(large.status == 431 && large.body.contains("header-too-large"))
            let fields = Dictionary(uniqueKeysWithValues: (0..<200).map { ("X-\($0)", "1") })
            let many = try await TestClient.request("GET", "/v1/trace", port: port, headers: fields)
            #expect(many.status == 431)
            #expect(try await TestClient.request("GET", "/v1/trace", port: port).status == 200)
        }
    }

    @Test func `what is not HTTP is refused with 400 as a problem`() async throws {
        try await ServerTests().withServer(limits: limits) { port in
            let text = try await TestClient.aside {
                let client = try TestClient(port: port)
                try client.send("HELLO\r\n\r\n")
                return try client.read()
            }
            #expect(text.hasPrefix("HTTP/1.1 400") && text.contains("malformed"))
        }
    }

    @Test func `a client that sends its header byte by byte is closed in time`() async throws {
        let lines = ServerTests.Lines()
        try await ServerTests().withServer(limits: limits, lines: lines) { port in
            let sent = try await TestClient.aside {
                let client = try TestClient(port: port)
                try client.send("GET /v1/trace HTTP/1.1\r\nX-Slow: ")
                return client.trickle("x", every: 20, atMost: 500)
            }
            #expect(sent < 500)
            #expect(lines.text.contains("slow client closed"))
        }
    }

    @Test func `a client that sends its body byte by byte is closed in time and gives its place back`() async throws {
        let lines = ServerTests.Lines()
        try await ServerTests().withServer(limits: limits, lines: lines) { port in
            let sent = try await TestClient.aside {
                let client = try TestClient(port: port)
                try client.send("POST /v1/things HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n")
                return client.trickle("x", every: 20, atMost: 500)
            }
            #expect(sent < 500)
            #expect(lines.text.contains("slow client closed"))
            try await eventually(within: .seconds(10), "the place is free") {
                try await TestClient.request("GET", "/v1/trace", port: port).status == 200
            }
        }
    }

    @Test func `a client that does not take its answer is closed in time and holds no place`() async throws {
        let lines = ServerTests.Lines()
        try await ServerTests().withServer(limits: limits, lines: lines) { port in
            let client = try TestClient(port: port)
            try client.send("GET /v1/large HTTP/1.1\r\nHost: test\r\n\r\n")
            try await eventually(within: .seconds(20), "it is closed") { lines.text.contains("slow client closed") }
            let text = try await TestClient.aside { try client.read() }
            #expect(text.utf8.count < 32 << 20)
            #expect(try await TestClient.request("GET", "/v1/trace", port: port).status == 200)
        }
    }

    @Test func `clients that are merely many wait for a moment and are answered`() async throws {
        var limits = limits
        limits.requestsWaiting = 256
        limits.waitTime = .seconds(20)
        try await ServerTests().withServer(limits: limits) { port in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 {
                    group.addTask { try await TestClient.request("GET", "/v1/trace", port: port).status }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { $0 == 200 })
        }
    }
}
