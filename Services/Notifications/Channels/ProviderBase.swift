import Foundation

/// Where a provider is: scheme, host and port, without a path.
struct ProviderBase: Sendable {
    /// Such as `https://host:port`.
    let url: String
    /// As in `Host`.
    let authority: String

    /// Reads an address that a setting names; in the clear only on this machine, where tests and relays are.
    init?(_ text: String) {
        guard let parts = URLComponents(string: text), let host = parts.percentEncodedHost, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil, parts.user == nil,
            parts.scheme == "https"
                || (parts.scheme == "http" && ["127.0.0.1", "localhost", "[::1]"].contains(host))
        else { return nil }
        authority = host + (parts.port.map { ":\($0)" } ?? "")
        url = "\(parts.scheme ?? "https")://\(authority)"
    }

    /// The key of a robot: what an address of this provider has in its query, or the text itself where it is no address.
    func key(in address: String, named name: String) -> String? {
        var key = address
        if address.contains("://") {
            guard let parts = URLComponents(string: address),
                let home = ProviderBase("\(parts.scheme ?? "")://\(parts.percentEncodedHost ?? "")" + Self.port(parts)),
                home.url == url
            else { return nil }
            key = parts.queryItems?.first { $0.name == name }?.value ?? ""
        }
        return key.wholeMatch(of: /[A-Za-z0-9_-]{8,128}/) == nil ? nil : key
    }

    private static func port(_ parts: URLComponents) -> String { parts.port.map { ":\($0)" } ?? "" }
}

/// What WeCom and DingTalk answer: 200 with a number that is 0 when all is well.
struct NumberedAnswer: Decodable, Sendable {
    let errcode: Int
    var msgid: String?
    var invaliduser: String?
    var access_token: String?
    var expires_in: Int?

    /// Reads an answer, or says what became of the message without one.
    static func read(_ answer: ProviderAnswer) -> Result<NumberedAnswer, OutcomeWithoutBody> {
        answer.body().flatMap { body in
            // A body that is none of the provider's says nothing: the message may have been taken.
            guard let said = try? JSONDecoder().decode(NumberedAnswer.self, from: Data(body)) else {
                return .failure(OutcomeWithoutBody(outcome: .unknown(code: "answer-unreadable")))
            }
            return .success(said)
        }
    }
}

extension ChannelMessage {
    /// Heading and text in one, for channels without a heading.
    var joined: String { title.isEmpty ? body : title + "\n" + body }
}
