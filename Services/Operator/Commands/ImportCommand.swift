import ArgumentParser
import Models

/// `tiaokuai import DIR`.
package struct ImportCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "导入县级数据包 Imports a county pack.",
        discussion: """
            目录中的表格按编号识别（01_区划.csv …），xlsx 或 csv（UTF-8、GB18030）。每行经各服务的接口校验；错误行按表、行、列报告，\
            正确行保留；重复导入不会改变任何数据。
            Sheets are known by their two digits; xlsx or csv. Every row goes through the API of its service; wrong rows are \
            reported by sheet, row and column, sound rows are kept, and importing again changes nothing. \
            Exit code 2 when rows were rejected.
            """)

    @Argument(help: ArgumentHelp("数据包目录 Folder of the pack.", valueName: "dir"))
    var directory: String

    @Flag(help: "以 JSON 输出报告 Print the report as JSON.")
    var json = false

    @Flag(help: "不显示进度 Show no progress.")
    var quiet = false

    @Option(
        help: ArgumentHelp(
            "等待其他服务读完区划的秒数 Seconds to wait until other services have read the divisions.", valueName: "seconds"))
    var readerPatience: Int = 60

    @OptionGroup var services: ServiceOptions

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        let folder = try PackFolder(directory)
        let progress = ProgressReporter(console: console, isQuiet: quiet)
        let start = ContinuousClock.now
        // A service that is being restarted must not end an import of many minutes.
        let patience = Duration.seconds(max(services.patience, 60))
        let report = try await services.withClient(patience: patience, as: .countyAdmin, .cloudOperator) { client in
            let messaging = MessagingClient(client: client)
            let catchUp = ReaderCatchUp(patience: .seconds(readerPatience)) { try await messaging.figures(of: $0) }
            let pack = PackImport(folder, sender: HTTPBulkSender(client: client), catchUp: catchUp, progress: progress)
            {
                outcome, faults in
                if !json { Self.tell(outcome, faults, console) }
            }
            return try await pack.run()
        }
        if json {
            try console.json(report)
        } else {
            tellEnd(report, folder: folder, took: .now - start, console)
        }
        return report.status
    }

    /// Rows of a file that are shown though another row is to blame for them.
    private static let consequencesShown = 10

    /// Says what became of a file: every fault, and the first rows that others took with them.
    package static func tell(_ outcome: SheetOutcome, _ faults: [ImportFault], _ console: Console) {
        let line =
            "\(outcome.sheet): 共 \(outcome.rows) 行 rows, 接收 \(outcome.accepted) accepted, "
            + "未变 \(outcome.unchanged) unchanged, 拒绝 \(outcome.rejected) rejected"
        console.line(console.colour(line, outcome.rejected == 0 && faults.isEmpty ? "32" : "33"))
        // A spoilt code of a town takes thousands of rows with it, which would bury what is to be corrected.
        let consequences = faults.filter(\.isConsequence)
        for fault in faults where !fault.isConsequence { console.line("  " + fault.line) }
        for fault in consequences.prefix(consequencesShown) { console.line("  " + fault.line) }
        let more = consequences.count - consequencesShown
        if more > 0 {
            console.line("  …另有 \(more) 行受牵连，--json 列出全部 and \(more) more rows for the same reason: see --json")
        }
    }

    private func tellEnd(_ report: ImportReport, folder: PackFolder, took: Duration, _ console: Console) {
        if !report.notYet.isEmpty {
            console.line("尚未支持 not yet: \(report.notYet.joined(separator: ", "))")
        }
        if !folder.unknown.isEmpty {
            console.line("不认识的文件 unknown files: \(folder.unknown.joined(separator: ", "))")
        }
        let rows = report.sheets.reduce(0) { $0 + $1.rows }
        let rejected = report.sheets.reduce(0) { $0 + $1.rejected }
        let seconds = took.milliseconds / 1000
        console.line(
            "合计 total: \(rows) 行 rows, 拒绝 \(rejected) rejected, 用时 took \(seconds.rounded(toPlaces: 1)) 秒 s")
    }
}
