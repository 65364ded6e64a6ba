import Foundation
import Mail
import Models
import NotificationsService
import Support
import Testing

/// Letters to a real SMTP server with STARTTLS and a login.
struct EmailChannelTests {
    private static let script =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../deploy/scripts/smtp.sh").standardized.path

    /// The server's environment, made once; nil where PyPI cannot be reached.
    private static let isReady = Task { (try? await ChildProcess.run([script, "prepare"])) != nil }

    private static func with(
        password: String = "口令", trusts: Bool = true, timeout: Duration = .seconds(5),
        _ body: (EmailChannel, URL) async throws -> Void
    ) async throws {
        guard await isReady.value else {
            try Test.cancel("aiosmtpd cannot be installed: PyPI must be reachable")
        }
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("DNS:localhost", "IP:127.0.0.1")
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tk-smtp-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let server = Task {
                try await ChildProcess.run([script, identity.certificate, identity.key, folder.path])
            }
            func stop() async throws {
                try FileManager.default.removeItem(at: folder)
                _ = try await server.value
            }
            do {
                let port = try await read(folder.appendingPathComponent("port"))
                let number = try #require(Int(port))
                let mailServer = MailServer(
                    host: "127.0.0.1", port: number,
                    login: MailServer.Login(user: "wang", password: password),
                    authorities: trusts ? authority.certificate : nil, timeout: timeout)
                let made = EmailChannel(
                    server: mailServer, sender: EmailChannel.Sender(address: "desk@example.cn", name: "祥云县"),
                    now: { Date(timeIntervalSince1970: 1_800_000_000) })
                let channel = try #require(made)
                try await body(channel, folder)
            } catch {
                try await stop()
                throw error
            }
            try await stop()
        }
    }

    private static func read(_ file: URL) async throws -> String {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            if let text = try? String(contentsOf: file, encoding: .utf8) { return text }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("\(file.lastPathComponent) did not come")
        throw CancellationError()
    }

    private static func message(_ address: String) -> ChannelMessage {
        ChannelMessage(
            key: UUID(), address: address, title: "停水通知：三号楼于今日下午两点到五点停水，请各家提前储水",
            body: "3 号楼停水\n.\n谢谢", slots: ["unsubscribe": "https://example.cn/u/1"])
    }

    @Test func `a letter arrives as it was written`() async throws {
        try await Self.with { channel, folder in
            let message = Self.message("li@example.cn")
            let outcome = await channel.send(message)
            #expect(outcome == .accepted(receipt: "4F1A2B3C"))
            let letter = try await Self.read(folder.appendingPathComponent("li@example.cn"))
            let halves = letter.components(separatedBy: "\r\n\r\n")
            let heading = halves[0].replacing("\r\n ", with: " ")
            #expect(heading.contains("Message-ID: <\(message.key.uuidString.lowercased())@example.cn>"))
            #expect(heading.contains("List-Unsubscribe: <https://example.cn/u/1>"))
            #expect(heading.contains("Date: Fri, 15 Jan 2027 08:00:00 +0000"))
            #expect(halves[0].components(separatedBy: "\r\n").allSatisfy { $0.utf8.count <= 78 })
            let words = heading.components(separatedBy: "\r\n").first { $0.hasPrefix("Subject: ") } ?? ""
            let title = words.matches(of: /=\?utf-8\?B\?([^?]+)\?=/).map { match in
                String(decoding: Data(base64Encoded: String(match.1)) ?? Data(), as: UTF8.self)
            }.joined()
            #expect(title == message.title)
            let coded = halves[1].components(separatedBy: "\r\n").joined()
            #expect(Data(base64Encoded: coded) == Data("3 号楼停水\r\n.\r\n谢谢".utf8))
        }
    }

    @Test func `what the server will not take, cannot take now, or may have taken is told apart`() async throws {
        try await Self.with(timeout: .seconds(2)) { channel, _ in
            for (address, expected) in [
                ("nobody@example.cn", SendOutcome.refused(code: "smtp-550")),
                ("later@example.cn", .failed(code: "smtp-451", after: nil)),
                ("cut@example.cn", .unknown(code: "smtp-unanswered")),
                ("slow@example.cn", .unknown(code: "smtp-unanswered")),
                ("a@b@c", .refused(code: "address-invalid")),
            ] {
                let outcome = await channel.send(Self.message(address))
                #expect(outcome == expected, "\(address)")
            }
        }
    }

    @Test func `a wrong login and a certificate of a stranger are failures`() async throws {
        try await Self.with(password: "falsch") { channel, _ in
            let outcome = await channel.send(Self.message("li@example.cn"))
            #expect(outcome == .failed(code: "smtp-login", after: nil))
        }
        try await Self.with(trusts: false) { channel, _ in
            let outcome = await channel.send(Self.message("li@example.cn"))
            #expect(outcome == .failed(code: "smtp-insecure", after: nil))
        }
    }
}
