import Foundation

/// Speaks HTTP/1.1 over a plain socket, so that a test sees exactly what is on the wire.
///
/// Every request closes its connection.
final class TestClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        /// Names in lower case.
        let headers: [String: String]
        let body: String
    }

    struct Failure: Error { let reason: String }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure(reason: "connect: \(errno)") }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, 0x4000) }
            guard count > 0 else { throw Failure(reason: "send: \(errno)") }
            sent += count
        }
    }

    /// Sends one byte again and again, with a pause, until it is over; gives how many were sent.
    ///
    /// The pause is a wait for the end of the connection.
    func trickle(_ byte: Character, every milliseconds: Int32, atMost count: Int) -> Int {
        for sent in 0..<count {
            do { try send(String(byte)) } catch { return sent }
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, milliseconds) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4096)
            if recv(descriptor, &bytes, bytes.count, 0) <= 0 { return sent + 1 }
        }
        return count
    }

    /// Reads until a text has come, or the end.
    func read(until mark: String? = nil) throws -> String {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if let mark, String(decoding: received, as: UTF8.self).contains(mark) { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw Failure(reason: "recv: \(errno) after \(received.count) bytes") }
            if count == 0 { break }
            received.append(contentsOf: buffer[..<count])
        }
        return String(decoding: received, as: UTF8.self)
    }

    static func request(
        _ method: String, _ path: String, port: Int, headers: [String: String] = [:], body: String? = nil,
        raw: String = ""
    ) async throws -> Answer {
        try await aside {
            let client = try TestClient(port: port)
            var lines = ["\(method) \(path) HTTP/1.1", "Host: test", "Connection: close"]
            lines += headers.map { "\($0.key): \($0.value)" }
            if let body { lines.append("Content-Length: \(body.utf8.count)") }
            try client.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? raw))
            return try parse(try client.read())
        }
    }

    /// Runs what waits for a socket on a thread of its own: it must not hold up the pool of tasks.
    static func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try work() }) }.start()
        }
    }

    static func parse(_ text: String) throws -> Answer {
        guard let border = text.firstRange(of: "\r\n\r\n") else {
            throw Failure(reason: "no head: \(text.prefix(200))")
        }
        let lines = text[..<border.lowerBound].split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(reason: "no status")
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair.last?.trimmingCharacters(in: .whitespaces)
        }
        return Answer(status: status, headers: headers, body: String(text[border.upperBound...]))
    }
}
