import Foundation
import Logging

/// The settings of tokens.
enum AccessSettings {
    static let descriptions: [SettingDescription] = [
        .text(
            "auth.issuer", isRequired: true,
            BilingualText("令牌签发者（iss），与身份认证平台一致", "issuer of tokens (iss), as the identity provider writes it")),
        .text(
            "auth.audience", default: "tiaokuai",
            BilingualText("令牌的受众（aud）", "audience that tokens must be for (aud)")),
        .duration(
            "auth.leeway", in: .seconds(0)...(.seconds(300)), default: .seconds(30),
            BilingualText("与身份认证平台的时钟允许相差多少", "how far the identity provider's clock may differ")),
        .text(
            "auth.jwks", isRequired: true,
            BilingualText(
                "公钥集（JWKS）地址：http(s):// 或 file:路径", "address of the key set (JWKS): http(s):// or file:path")),
        .duration(
            "auth.jwksMaxAge", in: .seconds(10)...(.seconds(86400)), default: .seconds(600),
            BilingualText("公钥集多久重新读取", "age at which the key set is read again")),
    ]

    /// Makes the verifier that the settings ask for.
    ///
    /// - Throws: `SettingFault` for an address that is none.
    static func verifier(_ settings: SettingsReader, clock: any SuiteClock, logger: Logger) throws -> TokenVerifier {
        var pace = KeySource.Pace()
        pace.maxAge = try settings.duration("auth.jwksMaxAge")
        return TokenVerifier(
            rules: TokenRules(
                issuer: try settings.string("auth.issuer"), audience: try settings.string("auth.audience"),
                leeway: try settings.duration("auth.leeway")),
            keys: KeySource(try document(try settings.string("auth.jwks")), pace: pace, logger: logger), clock: clock)
    }

    /// Where an address says that the keys are.
    static func document(_ address: String) throws -> any KeyDocument {
        if address.hasPrefix("file:") {
            let path = address.dropFirst(5)
            // Both `file:/path` and `file:///path` are in use.
            return KeyFile(path: path.hasPrefix("//") ? String(path.dropFirst(2)) : String(path))
        }
        guard let url = URL(string: address), ["http", "https"].contains(url.scheme), url.host?.isEmpty == false else {
            throw SettingFault(
                cause: BilingualText("设置 auth.jwks 无效", "the setting auth.jwks is invalid"),
                nextStep: BilingualText(
                    "写成 https://主机/路径 或 file:/路径", "Write it as https://host/path or file:/path"))
        }
        return KeyAddress(url: address)
    }
}
