import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of what people want to hear: their own preferences, and the link that ends a channel for ever.
struct PreferenceRoutes {
    let preferences: KeepPreferences

    private static let own = RouteAccess.allowed(
        to: Set(Role.allCases).subtracting([.cloudOperator, .systemAdmin, .securityAdmin, .auditAdmin]), scope: .own)

    func add(to routes: SuiteRoutes) {
        routes.get("/v1/preferences/:personID", Self.own) { _, context in
            PreferencesBody(muted: try await preferences.read(context.identifier("personID"), scope: context.scope))
        }
        routes.put("/v1/preferences/:personID", Self.own) { request, context in
            let body = try await request.json(PreferencesBody.self, context)
            guard body.muted.count <= KeepPreferences.entriesMax else {
                throw Problem.invalid(
                    field: "muted", code: "too-many", "最多 \(KeepPreferences.entriesMax) 项",
                    "at most \(KeepPreferences.entriesMax) entries")
            }
            if let place = body.muted.firstIndex(where: { !$0.isValid }) {
                throw Problem.invalid(
                    field: "muted[\(place)]", code: "unknown-word", "没有这种消息类型或渠道",
                    "there is no such type of message or channel")
            }
            return PreferencesBody(
                muted: try await preferences.replace(
                    body.muted, of: context.identifier("personID"), scope: context.scope))
        }
        // RFC 8058: the mail program posts to the link by itself; a person sees a page with one button first, so that a
        // program that only looks at links unsubscribes nobody.
        routes.get("/v1/unsubscribe", .open) { request, _ -> Response in
            guard let token = try request.query("token"), let channel = preferences.channel(ofLink: token) else {
                throw Self.invalidLink
            }
            return UnsubscribePage.asking(channel)
        }
        routes.post("/v1/unsubscribe", .open) { request, _ -> Response in
            guard let token = try request.query("token"),
                let channel = try await preferences.unsubscribe(byLink: token)
            else { throw Self.invalidLink }
            return UnsubscribePage.done(channel)
        }
    }

    private static let invalidLink = Problem.notFound(
        "退订链接无效，请用消息中的完整链接", "the link is not one of ours; use the whole link of the message")
}

/// What somebody has muted, as JSON.
struct PreferencesBody: ResponseEncodable, Decodable {
    let muted: [MutedKind]
}

/// The pages of unsubscribing: plain HTML without scripts, for any browser.
enum UnsubscribePage {
    static func asking(_ channel: ChannelCode) -> Response {
        page(
            "退订 Unsubscribe",
            """
            <p>不再通过\(channel.label.chinese)接收消息？站内收件箱不受影响。<br>
            No more messages by \(channel.label.english)? Your inbox stays.</p>
            <form method="post"><button name="List-Unsubscribe" value="One-Click">退订 Unsubscribe</button></form>
            """)
    }

    static func done(_ channel: ChannelCode) -> Response {
        page(
            "已退订 Unsubscribed",
            """
            <p>今后不再通过\(channel.label.chinese)向您发送消息。<br>
            You will get no more messages by \(channel.label.english).</p>
            """)
    }

    private static func page(_ title: String, _ body: String) -> Response {
        let html = """
            <!doctype html><html lang="zh"><head><meta charset="utf-8">\
            <meta name="viewport" content="width=device-width"><title>\(title)</title></head>\
            <body><h1>\(title)</h1>\(body)</body></html>
            """
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
                .contentSecurityPolicy: "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
            ], body: ResponseBody(byteBuffer: .init(string: html)))
    }
}

extension ChannelCode {
    /// The channel's name for people.
    var label: MessageText {
        switch self {
        case .inApp: MessageText("收件箱", "inbox")
        case .email: MessageText("电子邮件", "e-mail")
        case .sms: MessageText("短信", "SMS")
        case .weComRobot: MessageText("企业微信群", "the WeCom group")
        case .weComApp: MessageText("企业微信", "WeCom")
        case .dingTalkRobot: MessageText("钉钉群", "the DingTalk group")
        case .webhook: MessageText("接口推送", "webhook")
        }
    }
}
