import ArgumentParser
import Models

/// `tiaokuai relay rebase`.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay", abstract: "照管服务的事件中继 Looks after a service's relay.",
        subcommands: [RelayRebaseCommand.self])
}

/// `tiaokuai relay rebase SERVICE`.
struct RelayRebaseCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebase",
        abstract: "接管恢复到另一个 PostgreSQL 集群的数据库 Takes up a database that was restored into another PostgreSQL cluster.",
        discussion: """
            恢复后中继拒绝发送，直到执行本命令。先问所有服务读到了哪里；若有读者读过本库没有的事件（备份过旧），则拒绝执行，退出码 1。
            After a restore the relay sends nothing until this is run. It asks every service how far it has read, and refuses (exit \
            code 1) when a reader has seen events that the database does not know, since the backup is then too old.
            """)

    @Argument(help: "服务 The service whose database was restored.")
    var service: ServiceName

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let lanes = try await services.withClient(as: .cloudOperator) {
            try await MessagingClient(client: $0).rebase(service)
        }
        console.line("\(service.rawValue) 已重新定位，核对了读者的 \(lanes) 条道 rebased; lanes of readers compared: \(lanes)")
        console.line("请运行 tiaokuai audit --wait 60 核对 now run tiaokuai audit --wait 60")
        return .success
    }
}
