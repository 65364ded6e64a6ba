import ArgumentParser
import Foundation
import Models

/// `tiaokuai token`.
package struct TokenCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "token", abstract: "本地签发者：签发令牌、更换密钥 The local issuer: tokens and keys.",
        subcommands: [TokenIssueCommand.self, TokenRotateCommand.self], defaultSubcommand: TokenIssueCommand.self)

    package init() {}
}

/// Where the issuer's keys are.
package struct IssuerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "密钥目录，默认本地环境的 secrets Folder of the keys (default: secrets of the local stack).", valueName: "dir"))
    var directory: String?

    package init() {}

    var issuer: TokenIssuer { TokenIssuer(directory: directory ?? LocalStack.find().secretsDirectory) }
}

/// `tiaokuai token issue --role R --scope S`.
package struct TokenIssueCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "签发一个令牌并打印 Makes a token and prints it.",
        discussion: """
            --role 与 --scope 可成对重复。范围 scope：* 全部 everything; 532923 区划代码前缀 prefix of division codes (2、4、6、9、12 位) or a grid \
            code (15、17 位); unit:代码 a unit; self 本人 one's own.
            For evaluation and tests; in production the county's identity provider issues tokens.
            """)

    @Option(help: ArgumentHelp("角色 Role: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "role"))
    var role: [String]

    @Option(help: ArgumentHelp("范围 Scope of the role.", valueName: "scope"))
    var scope: [String]

    @Option(help: ArgumentHelp("人员编号 Id of the person.", valueName: "id"))
    var subject: String = "local-operator"

    @Option(help: ArgumentHelp("有效期，如 30m、12h、7d（最长 7d） Lifetime, at most 7d.", valueName: "span"))
    var expires: String = "12h"

    @OptionGroup var keys: IssuerOptions

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        let grants = try Self.grants(roles: role, scopes: scope)
        guard let seconds = Self.seconds(expires), (1...TokenLifetime.longest).contains(seconds) else {
            throw OperatorError(.usage, "--expires 应为 1s 到 7d，如 12h。", "--expires is between 1s and 7d, such as 12h.")
        }
        console.line(try keys.issuer.token(Identity(subject: subject, grants: grants), seconds: seconds))
        return .success
    }

    /// Pairs roles with scopes.
    ///
    /// - Throws: `OperatorError` (usage) for an unknown role, a scope of no form, or one that the role may not have.
    package static func grants(roles: [String], scopes: [String]) throws -> [Grant] {
        guard !roles.isEmpty, roles.count == scopes.count else {
            throw OperatorError(.usage, "每个 --role 须有一个 --scope。", "Each --role needs a --scope.")
        }
        return try zip(roles, scopes).map { name, text in
            guard let role = Role(rawValue: name) else {
                let names = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw OperatorError(.usage, "没有角色 \(name)。可用：\(names)", "There is no role \(name). Known: \(names)")
            }
            guard let scope = Scope(text) else {
                throw OperatorError(.usage, "范围 \(text) 的格式不对。", "The scope \(text) is not well formed.")
            }
            guard role.mayHave(scope) else {
                throw OperatorError(
                    .usage, "角色 \(name) 不能有范围 \(text)：超出该角色的层级。",
                    "The role \(name) may not have the scope \(text): it reaches further than the role's level.")
            }
            return Grant(role, scope)
        }
    }

    /// Reads a span of time, `90s`, `30m`, `12h` or `7d`.
    static func seconds(_ text: String) -> Int? {
        guard let unit = ["s": 1, "m": 60, "h": 3600, "d": 86400][String(text.suffix(1))],
            let count = Int(text.dropLast())
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        return overflow ? nil : seconds
    }
}

/// `tiaokuai token rotate-keys`.
package struct TokenRotateCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "rotate-keys",
        abstract: "生成新的签名密钥 Makes a new signing key.",
        discussion: """
            新密钥立即用于签发，旧密钥再公布 7 天，其签发的令牌在到期前仍有效。目录中没有密钥时生成第一个。
            The new key signs at once; the old one stays published for 7 days, so that its tokens are good until they end. Makes the \
            first key when there is none.
            """)

    @OptionGroup var keys: IssuerOptions

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        let id = try keys.issuer.rotate()
        console.line("新密钥 new key: \(id)")
        return .success
    }
}
