import Foundation
import Testing

import NotificationsService

/// What channels decide without a network: lengths, windows, addresses, signatures.
struct ChannelRulesTests {
    private static let begin = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(arguments: [(0, 1), (66, 1), (67, 2), (130, 2), (131, 3)])
    func `a short message is counted with its signature`(signs: Int, messages: Int) {
        // 【条块】 takes four.
        #expect(SMSLength(text: String(repeating: "水", count: signs), signature: "条块").messages == messages)
    }

    @Test func `a sign beyond the basic plane counts twice, and 500 is the end`() {
        #expect(SMSLength(text: "😀", signature: "").units == 2)
        #expect(SMSLength(text: String(repeating: "a", count: 496), signature: "条块").isTaken)
        #expect(!SMSLength(text: String(repeating: "a", count: 497), signature: "条块").isTaken)
    }

    @Test func `no span ever holds more than the window's number`() throws {
        var window = RateWindow(messages: 20, span: .seconds(60))
        var sent: [Date] = []
        var now = Self.begin
        while sent.count < 200 {
            let earliest = try #require(window.earliest(at: now))
            if earliest <= now {
                window.record(at: now)
                sent.append(now)
                now += 0.7
            } else {
                now = earliest
            }
        }
        for (index, time) in sent.enumerated() where index >= 20 {
            #expect(time.timeIntervalSince(sent[index - 20]) >= 60)
        }
    }

    @Test func `of several windows the fullest decides`() {
        var windows = RateWindows([
            RateWindow(messages: 2, span: .seconds(60)), RateWindow(messages: 3, span: .seconds(3600)),
        ])
        #expect(windows.take(at: Self.begin) == .free)
        #expect(windows.take(at: Self.begin) == .free)
        #expect(windows.take(at: Self.begin) == .notBefore(Self.begin + 60))
        #expect(windows.take(at: Self.begin + 60) == .free)
        #expect(windows.take(at: Self.begin + 120) == .notBefore(Self.begin + 3600))
    }

    @Test(arguments: [
        "10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.0.1", "100.64.0.1", "0.0.0.0", "255.255.255.255", "::1",
        "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1",
    ])
    func `a private address is closed`(text: String) throws {
        let network = try #require(AddressFence.Network("\(text)/\(text.contains(":") ? 128 : 32)"))
        #expect(!AddressFence().allows(network.bytes))
    }

    @Test func `the public is open, and what is named is`() throws {
        #expect(AddressFence().allows([223, 5, 5, 5]))
        #expect(AddressFence().allows(try #require(AddressFence.Network("2400:3200::1/128")).bytes))
        let fence = AddressFence(allowed: [try #require(AddressFence.Network("10.20.0.0/15"))], allowsLoopback: true)
        #expect(fence.allows([10, 21, 0, 9]) && fence.allows([127, 0, 0, 1]))
        #expect(!fence.allows([10, 22, 0, 9]))
    }

    @Test func `the provider's own example is signed as it says`() {
        // The example of Alibaba Cloud's description of version 3.
        let headers = AliyunSignature(keyID: "YourAccessKeyId", secret: "YourAccessKeySecret").headers(
            host: "ecs.cn-shanghai.aliyuncs.com", action: "RunInstances", version: "2014-05-26",
            parameters: ["ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"],
            date: Date(timeIntervalSince1970: 1_698_310_861), nonce: "3156853299f313e23d1673dc12e1703d")
        #expect(
            headers.last?.1.hasSuffix("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0") == true)
    }

    @Test func `waiting is read as seconds or as a date`() {
        #expect(RetryAfter.duration("120", now: Self.begin) == .seconds(120))
        #expect(RetryAfter.duration("99999999999999999999", now: Self.begin) == RetryAfter.longest)
        #expect(RetryAfter.duration("Fri, 15 Jan 2027 08:01:00 GMT", now: Self.begin) == .seconds(60))
        #expect(RetryAfter.duration("soon", now: Self.begin) == nil)
    }

    @Test(arguments: ["a@b@c.cn", "a b@c.cn", "a@c.cn\r\nDATA", "<a@c.cn>", "a@", "@c.cn", "a@-c.cn", "王@c.cn"])
    func `an address that could break a letter is none`(text: String) {
        #expect(!MailText.isAddress(text) && MailText.isAddress("wang.wu+1@mail.example.cn"))
    }
}
