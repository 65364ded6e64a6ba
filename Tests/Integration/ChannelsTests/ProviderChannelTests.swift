import Crypto
import Foundation
import Models
import Testing

import NotificationsService

/// Channels over HTTP against counterparts that check what they get, and misbehave.
struct ProviderChannelTests {
    private static let robot = "robot-key-1"
    private static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_800_000_000) }

    private static func message(_ address: String, _ body: String = "3 号楼停水") -> ChannelMessage {
        ChannelMessage(
            key: UUID(), address: address, title: "通知", body: body, providerTemplate: "SMS_1",
            slots: ["place": "3 号楼", "thing": "停水"])
    }

    private static func sms(_ base: String) throws -> SMSChannel {
        let account = SMSChannel.Account(keyID: "id-1", keySecret: "secret-1", signature: "条块")
        return try #require(SMSChannel(account: account, base: base, timeout: .seconds(1), now: now))
    }

    private static func weCom(_ base: String) throws -> WeComRobotChannel {
        try #require(WeComRobotChannel(base: base, timeout: .seconds(1), now: now))
    }

    private static let misbehaviours: [(Counterpart.Answer, SendOutcome)] = [
        (.silence, .unknown(code: "timed-out")), (.hangUp, .unknown(code: "cut-off")),
        (.cutOff, .unknown(code: "cut-off")), (.endless, .unknown(code: "answer-too-long")),
        (.whole(status: 429, body: "", headers: ["Retry-After": "7"]), .failed(code: "http-429", after: .seconds(7))),
        (.whole(status: 500, body: "oops"), .failed(code: "http-500", after: nil)),
        (.whole(status: 504, body: ""), .unknown(code: "http-504")),
        (.whole(status: 302, body: "", headers: ["Location": "/other"]), .refused(code: "http-302")),
        (.ok("<html>"), .unknown(code: "answer-unreadable")),
    ]

    @Test(arguments: misbehaviours.indices)
    func `a provider that misbehaves is told apart`(index: Int) async throws {
        let (answer, expected) = Self.misbehaviours[index]
        try await Counterpart.with({ _ in answer }) { counterpart in
            let outcome = await (try Self.weCom(counterpart.url)).send(Self.message(Self.robot))
            #expect(outcome == expected)
            let short = await (try Self.sms(counterpart.url)).send(Self.message("13800138000"))
            #expect(short == expected)
            #expect(counterpart.questions.count == 2)
        }
    }

    @Test func `nobody there is a failure, for nothing was sent`() async throws {
        let url = try await Counterpart.with({ _ in .silence }) { $0.url }
        let outcome = await (try Self.weCom(url)).send(Self.message(Self.robot))
        #expect(outcome == .failed(code: "unreachable", after: nil))
        let short = await (try Self.sms(url)).send(Self.message("13800138000"))
        #expect(short == .failed(code: "unreachable", after: nil))
    }

    @Test(arguments: [
        (#"{"Code":"OK","BizId":"9^0"}"#, SendOutcome.accepted(receipt: "9^0")),
        (
            #"{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发小时级流控Permits:5"}"#,
            .failed(code: "isv.BUSINESS_LIMIT_CONTROL", after: .seconds(3600))
        ),
        (#"{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}"#, .refused(code: "isv.MOBILE_NUMBER_ILLEGAL")),
        (#"{"Code":"isv.AMOUNT_NOT_ENOUGH"}"#, .failed(code: "isv.AMOUNT_NOT_ENOUGH", after: nil)),
    ])
    func `a short message is signed, and a success may be none`(body: String, expected: SendOutcome) async throws {
        try await Counterpart.with({ _ in .ok(body) }) { counterpart in
            let outcome = await (try Self.sms(counterpart.url)).send(Self.message("+86 138 0013 8000"))
            #expect(outcome == expected)
            let question = try #require(counterpart.questions.first)
            #expect(question.query["PhoneNumbers"] == "13800138000" && question.query["SignName"] == "条块")
            #expect(question.query["TemplateParam"] == #"{"place":"3 号楼","thing":"停水"}"#)
            #expect(question.headers["authorization"] == Self.aliyun(question))
        }
    }

    /// The signature as the provider would compute it, from what came over the wire.
    private static func aliyun(_ question: Counterpart.Question) -> String {
        let names = ["host"] + question.headers.keys.filter { $0.hasPrefix("x-acs-") }.sorted()
        let headers = names.map { "\($0):\(question.headers[$0] ?? "")\n" }.joined()
        let query = question.uri.split(separator: "?").last ?? ""
        let hash = SHA256.hash(data: Data(question.body.utf8)).map { String(format: "%02x", $0) }.joined()
        let canonical = "\(question.method)\n/\n\(query)\n\(headers)\n\(names.joined(separator: ";"))\n\(hash)"
        let digest = SHA256.hash(data: Data(canonical.utf8)).map { String(format: "%02x", $0) }.joined()
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("ACS3-HMAC-SHA256\n\(digest)".utf8), using: SymmetricKey(data: Data("secret-1".utf8)))
        let signature = code.map { String(format: "%02x", $0) }.joined()
        return "ACS3-HMAC-SHA256 Credential=id-1,SignedHeaders=\(names.joined(separator: ";")),Signature=\(signature)"
    }

    @Test func `a robot's errors in a success are read, and its limit in bytes is kept`() async throws {
        try await Counterpart.with({ _ in .ok(#"{"errcode":45009,"errmsg":"freq"}"#) }) { counterpart in
            let channel = try Self.weCom(counterpart.url)
            let crowded = await channel.send(Self.message("\(counterpart.url)/cgi-bin/webhook/send?key=\(Self.robot)"))
            #expect(crowded == .failed(code: "wecom-45009", after: .seconds(60)))
            let long = await channel.send(Self.message(Self.robot, String(repeating: "水", count: 681)))
            #expect(long == .refused(code: "too-long"))
            let foreign = await channel.send(Self.message("http://127.0.0.1:1/cgi-bin/webhook/send?key=\(Self.robot)"))
            #expect(foreign == .refused(code: "address-invalid"))
            #expect(counterpart.questions.count == 1)
            #expect(counterpart.questions.first?.body == #"{"msgtype":"text","text":{"content":"通知\n3 号楼停水"}}"#)
        }
    }

    @Test func `an application's token is kept, and renewed once when it has ended`() async throws {
        let answer: @Sendable (Counterpart.Question) -> Counterpart.Answer = { question in
            if question.uri.hasPrefix("/cgi-bin/gettoken") {
                return .ok(#"{"errcode":0,"access_token":"t-\#(UUID().uuidString)","expires_in":7200}"#)
            }
            if question.body.contains("ended") { return .ok(#"{"errcode":42001}"#) }
            if question.body.contains("nobody") { return .ok(#"{"errcode":81013}"#) }
            if question.body.contains("gone") { return .ok(#"{"errcode":0,"invaliduser":"gone"}"#) }
            return .ok(#"{"errcode":0,"msgid":"m-1"}"#)
        }
        try await Counterpart.with(answer) { counterpart in
            let application = WeComAppChannel.Application(corporation: "c", agent: 7, secret: "s", accounts: 10)
            let channel = try #require(WeComAppChannel(application: application, base: counterpart.url, now: Self.now))
            for _ in 0..<2 {
                let outcome = await channel.send(Self.message("wang"))
                #expect(outcome == .accepted(receipt: "m-1"))
            }
            #expect(counterpart.questions.count == 3)
            #expect(counterpart.questions.last?.body.contains(#""enable_duplicate_check":1"#) == true)
            let ended = await channel.send(Self.message("ended"))
            #expect(ended == .failed(code: "wecom-42001", after: nil))
            // Sent, a new token, sent again, and no more.
            #expect(counterpart.questions.count == 6)
            let nobody = await channel.send(Self.message("nobody"))
            #expect(nobody == .refused(code: "wecom-81013"))
            let gone = await channel.send(Self.message("gone"))
            #expect(gone == .refused(code: "wecom-invaliduser"))
            let everybody = await channel.send(Self.message("@all"))
            #expect(everybody == .refused(code: "address-invalid"))
        }
    }

    @Test(arguments: [
        (0, SendOutcome.accepted(receipt: nil)), (310_000, .refused(code: "dingtalk-310000")),
        (130_101, .failed(code: "dingtalk-130101", after: .seconds(600))),
    ])
    func `DingTalk gets a signature of its time`(number: Int, expected: SendOutcome) async throws {
        try await Counterpart.with({ _ in .ok(#"{"errcode":\#(number)}"#) }) { counterpart in
            let secrets = try #require(KeyedSecrets("token-of-1 SEC1\nSEC0"))
            let channel = try #require(DingTalkRobotChannel(base: counterpart.url, secrets: secrets, now: Self.now))
            let outcome = await channel.send(Self.message("token-of-1"))
            #expect(outcome == expected)
            let query = try #require(counterpart.questions.first).query
            #expect(query["timestamp"] == "1800000000000")
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("1800000000000\nSEC1".utf8), using: SymmetricKey(data: Data("SEC1".utf8)))
            #expect(query["sign"] == Data(code).base64EncodedString())
        }
    }
}
