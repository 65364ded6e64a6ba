import ArgumentParser
import Models

/// `tiaokuai demo`.
struct DemoCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "演示一件事从上报到答复的全过程 Plays one incident from the report to its answer, with times.",
        discussion: """
            居民上报一个点 → 找到网格 → 网格员收到 → 立案、派遣、受理、处理、由另一人核查结案 → 上报人收到答复。需要先导入数据包。
            A resident reports a point, the grid is found, the grid worker is told, the incident is filed, dispatched, accepted, \
            handled, verified by another person and closed, and the reporter is told. Needs an imported pack. \
            Exit code 1 when a step does not happen.
            """)

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @Option(help: ArgumentHelp("每条消息最多等待的秒数 Seconds to wait for a message.", valueName: "seconds"))
    var deadline: Int = 15

    @OptionGroup var services: ServiceOptions

    func perform(_ console: Console) async throws -> ExitStatus {
        let report = try await services.withClient(as: .countyAdmin) { client in
            try await DemoStory(client: client, deadline: .seconds(max(1, deadline))) { step in
                guard !json else { return }
                let time = step.milliseconds.rounded(toPlaces: 1)
                let padding = String(repeating: " ", count: max(0, 8 - time.utf8.count))
                console.line("\(padding)\(time) ms  \(console.colour("✓", "32")) \(step.text)")
            }.play()
        }
        if json {
            try console.json(report)
        } else {
            console.line("从上报到答复 from report to answer: \(report.milliseconds.rounded(toPlaces: 1)) ms")
        }
        return .success
    }
}
