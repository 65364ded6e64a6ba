import Foundation
import Glibc
import Kafka
import Models
import Postgres
import Support

/// Many open inboxes in one process of notifications: what they weigh, and how soon a message is seen through them.
struct InboxBenchmarks {
    private let streams = 10_000
    private let group = 50
    private let messages = 100

    func streams() async throws -> [Measurement] {
        let server = PrivatePostgres(durable: true, network: .loopback, settings: ["max_connections": "100"])
        let created = try await TestDatabase.create(named: "bench_inboxes", on: server)
        let broker = try EmulatedBroker()
        for topic in Topic.all { try broker.createTopic(topic.name, partitions: topic.partitions) }
        try broker.createTopic(ReplayTopic.name, partitions: 1)
        let service = try await RunningService.start(
            "notifications", database: server.loopbackConfiguration(database: created.configuration.database),
            broker: broker, settings: ["TIAOKUAI_LIMITS_CONNECTIONS": "\(streams + 100)"])
        let empty = service.residentMegabytes
        let readers = (0..<streams).map { _ in UUID().uuidString.lowercased() }
        var open: [FollowedInbox] = []
        let opening = try await seconds {
            for reader in readers {
                open.append(
                    try FollowedInbox(
                        port: service.port, person: reader, token: try service.token(.resident, "self", of: reader)))
                // A few at a time: ten thousand at once are an overload, which the service turns away.
                if open.count % group == 0 { for inbox in open.suffix(group) { try inbox.waitForHead() } }
            }
        }
        // What a comment to each of them costs is in it: one has gone by.
        try await Task.sleep(for: .seconds(20))
        let full = service.residentMegabytes
        let taken = try await delays(service, readers, open)
        for inbox in open { inbox.close() }
        service.stop()
        broker.stop()
        await server.remove()
        return [
            Measurement(
                what: "\(streams) open inboxes in one process", figure: "\(full.places(0)) MB", budget: "150 MB",
                isMet: full < 150,
                note: "\(empty.places(0)) MB with none open; opened in \(opening.places(1)) s, \(group) at a time"),
            Measurement(
                what: "from a message to its follower, \(streams) following, p99",
                figure: "\(percentile(taken, 0.99).places(0)) ms", budget: "–", isMet: true,
                note:
                    "p50 \(percentile(taken, 0.5).places(0)) ms over \(taken.count) messages, request to send included"),
        ]
    }

    /// How long after the request each of some readers has a message, in milliseconds.
    private func delays(
        _ service: RunningService, _ readers: [String], _ open: [FollowedInbox]
    ) async throws -> [Double] {
        var taken: [Double] = []
        for index in 0..<messages {
            let place = index * (streams / messages)
            let token = try service.token(.countyAdmin, "532923", of: readers[place])
            let start = ContinuousClock.now
            let status = try await service.post(
                "/v1/templates/incidentClosed/inApp/1/test", #"{"event":"IncidentClosed"}"#, token: token)
            guard status == 204 else { throw BenchmarkFailure("a message was answered with \(status)") }
            try open[place].waitForMessage()
            taken.append((ContinuousClock.now - start).inSeconds * 1000)
        }
        return taken
    }
}

/// A live inbox over a plain socket, so that ten thousand of them weigh little on this side.
private struct FollowedInbox {
    private let descriptor: Int32

    /// Connects and asks.
    init(port: Int, person: String, token: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw BenchmarkFailure("no more sockets; ulimit -n must be above 10 000") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        let descriptor = descriptor
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw BenchmarkFailure("a connection was refused") }
        let request = """
            GET /v1/inbox/\(person)/stream?after=0 HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer \(token)\r
            \r\n
            """
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw BenchmarkFailure("a request was cut")
        }
    }

    /// Waits for the answer's head.
    func waitForHead() throws { try wait(for: "200 OK") }

    /// Waits for a message.
    func waitForMessage() throws { try wait(for: "event: delivery") }

    func close() { _ = Glibc.close(descriptor) }

    private func wait(for text: String) throws {
        var seen = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !seen.contains(text) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw BenchmarkFailure("a stream ended, or was silent, before '\(text)'") }
            seen += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
