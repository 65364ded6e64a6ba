import ArgumentParser
import Foundation
import Models

/// `tiaokuai keys status|rotate`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "个人信息加密密钥：用量与更换 Keys of personal fields: what stands under them, and rotation.",
        discussion: """
            更换步骤：在 crypto.keys 中加入新密钥并设为 current，重启服务；运行 keys rotate；outstanding 为 0 后才可删除旧密钥。
            查找密钥（lookup）同样更换，但要分两次重启：先让全部副本认识新密钥，再把它设为 current。
            To rotate: add a key to crypto.keys, make it current and restart; run keys rotate; only when outstanding is 0 may the old \
            key be taken out. Lookup keys change the same way in two restarts: first let all replicas know the new key, then make \
            it current.
            """,
        subcommands: [KeysStatusCommand.self, KeysRotateCommand.self], defaultSubcommand: KeysStatusCommand.self)
}

/// What both subcommands share.
struct KeysOptions: ParsableArguments {
    @Option(name: .customLong("at"), help: ArgumentHelp("只看一个服务 Only one service.", valueName: "service"))
    var service: ServiceName?

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    var names: [ServiceName] { service.map { [$0] } ?? ServiceName.allCases }
}

/// `tiaokuai keys status`.
struct KeysStatusCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "每个密钥下还有多少数据 How many values stand under which key.",
        discussion: "有数据无法解密时退出码为 1。Exit code 1 when a key is missing that stored values need.")

    @OptionGroup var options: KeysOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let lines = try await options.services.withClient(as: .securityAdmin) { client in
            var lines: [KeysLine] = []
            for service in options.names {
                lines.append(
                    KeysLine(service: service, report: try await FieldKeyClient(client: client).report(of: service)))
            }
            return lines
        }
        try KeysLine.tell(lines, json: options.json, console)
        return lines.allSatisfy { $0.report.unreadable == 0 } ? .success : .checkFailed
    }
}

/// `tiaokuai keys rotate`.
struct KeysRotateCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "用当前密钥重新加密全部数据并等待完成 Encrypts all values anew with the current key, and waits.",
        discussion: """
            服务照常工作；中断后再次运行即继续。仍有旧密钥数据时退出码为 1。
            The services go on working; run it again after a break. Exit code 1 while values stand under other keys.
            """)

    @Option(help: ArgumentHelp("最多等待的秒数 Seconds to wait at most.", valueName: "seconds"))
    var wait: Int = 3600

    @OptionGroup var options: KeysOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let lines = try await options.services.withClient(as: .securityAdmin) { client in
            let keys = FieldKeyClient(client: client)
            var lines: [KeysLine] = []
            for service in options.names {
                // A service without keys has nothing to encrypt anew.
                guard try await keys.report(of: service).current != nil else { continue }
                lines.append(KeysLine(service: service, report: try await finish(keys, service)))
            }
            return lines
        }
        try KeysLine.tell(lines, json: options.json, console)
        return lines.allSatisfy { $0.report.outstanding == 0 } ? .success : .checkFailed
    }

    private func finish(_ keys: FieldKeyClient, _ service: ServiceName) async throws -> FieldKeyReport {
        let deadline = ContinuousClock.now + .seconds(max(0, wait))
        var report = try await keys.rotate(service)
        // Each report counts whole tables, so it is asked for more and more seldom.
        var pause = Duration.milliseconds(500)
        while report.isRunning, ContinuousClock.now < deadline {
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .seconds(10))
            report = try await keys.report(of: service)
        }
        return report
    }
}

/// A service and its keys, as they are told.
struct KeysLine: Encodable, Sendable {
    let service: ServiceName
    let report: FieldKeyReport

    static func tell(_ lines: [KeysLine], json: Bool, _ console: Console) throws {
        guard !json else { return try console.json(lines) }
        var table = TextTable([
            ("服务 service", .left), ("表 table", .left), ("列 column", .left), ("密钥 key", .left), ("数量 values", .right),
            ("状态 state", .left),
        ])
        for line in lines {
            for values in line.report.values {
                let state =
                    !values.isReadable
                    ? "缺少密钥 key missing" : values.key == line.report.current ? "当前 current" : "待更换 outstanding"
                table.add([
                    line.service.rawValue, values.table, values.column, values.key ?? "-", String(values.count), state,
                ])
            }
        }
        for row in table.lines { console.line(row) }
    }
}
