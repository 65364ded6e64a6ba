import ArgumentParser
import Foundation

/// The command line of the suite.
package enum OperatorMain {
    /// Runs the command that the arguments name, and ends the process with its exit code.
    package static func run() async {
        // A reader that goes away (`tiaokuai digest | head -1`) must not end the process by a signal.
        signal(SIGPIPE, SIG_IGN)
        await TiaokuaiCommand.main()
    }
}

/// `tiaokuai`: all that an operator does from a terminal.
package struct TiaokuaiCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "tiaokuai",
        abstract: "条块套件的命令行 The command line of the Tiaokuai suite.",
        discussion: """
            退出码 exit codes: 0 成功 success; 1 检查未通过 a check failed; 2 有行被拒绝 rows were rejected; 64 用法错误 usage; \
            69 服务或代理不可用 a service or the broker is unavailable; 70 程序错误 internal error.
            环境变量 environment: TIAOKUAI_PORTS 起始端口 first port; TIAOKUAI_LOCAL 本地环境目录 folder of the local stack; \
            TIAOKUAI_TOKEN 令牌 token; NO_COLOR 不用颜色 no colours.
            """,
        version: "tiaokuai 0.1.0",
        subcommands: [
            ImportCommand.self, DigestCommand.self, DemoCommand.self, AuditCommand.self, AuditTrailCommand.self,
            ParkedCommand.self, ReplayCommand.self, RelayCommand.self, TopicsCommand.self, MigrateCommand.self,
            BrokerCommand.self, StatusCommand.self, TokenCommand.self, KeysCommand.self,
        ])

    package init() {}
}
