import ArgumentParser
import Foundation
import Messaging
import Models
import Operator
import Testing

@Suite("Commands and exit codes")
struct CommandTests {
    @Test(
        arguments: [
            ["import"], ["import", "x", "--wat"], ["parked", "retry", "grid-operations"],
            ["parked", "retry", "who", "1"],
            ["audit", "--wait", "soon"], ["nonsense"],
        ])
    func `arguments that cannot be understood end with 64`(_ arguments: [String]) throws {
        let error = #expect(throws: (any Error).self) { try TiaokuaiCommand.parseAsRoot(arguments) }
        #expect(TiaokuaiCommand.exitCode(for: try #require(error)).rawValue == ExitStatus.usage.rawValue)
    }

    @Test(
        arguments: [
            [], ["import"], ["digest"], ["demo"], ["audit"], ["parked"], ["parked", "list"], ["parked", "retry"],
            ["parked", "skip"], ["replay"], ["topics"], ["migrate"], ["broker"], ["status"],
        ])
    func `every command has help in Chinese and English`(_ command: [String]) throws {
        // A request for help is parsed as a command that ends with it.
        var request = try TiaokuaiCommand.parseAsRoot(command + ["--help"])
        let end = try #require(#expect(throws: (any Error).self) { try request.run() })
        #expect(TiaokuaiCommand.exitCode(for: end).rawValue == ExitStatus.success.rawValue)
        let help = TiaokuaiCommand.fullMessage(for: end)
        #expect(help.contains("USAGE: tiaokuai"))
        #expect(help.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
    }

    @Test func `errors end with the code that says what to do`() {
        let unreachable = ServiceFailure.unreachable(.cloudGateway, "http://127.0.0.1:1")
        #expect(CommandFailure.told(unreachable).status == .unavailable)
        #expect(CommandFailure.told(unreachable).chinese.contains("cloud-gateway"))
        let refused = ServiceFailure.problem(.gridOperations, ProblemAnswer(status: 409, body: []))
        #expect(CommandFailure.told(refused).status == .checkFailed)
        let overloaded = ServiceFailure.problem(.gridOperations, ProblemAnswer(status: 503, body: []))
        #expect(CommandFailure.told(overloaded).status == .unavailable)
        #expect(CommandFailure.told(CocoaError(.fileNoSuchFile)).status == .internalError)
        #expect(CommandFailure.told(OperatorError(.usage, "甲", "a")).description == "甲\na")
    }

    @Test func `a problem is told with its cause, its fields and the next step`() {
        let body = """
            {"type":"/problems/incident-outside-grids","title":"不在网格内","detail":"最近的网格 1","next":"请核对经纬度",
             "status":422,"faults":[{"field":"longitude","code":"outside","message":"超出范围"}]}
            """
        let problem = ProblemAnswer(status: 422, body: Array(body.utf8))
        #expect(problem.summary == "不在网格内；最近的网格 1；longitude: 超出范围。请核对经纬度")
        #expect(ProblemAnswer(status: 502, body: Array("<html>".utf8)).summary == "HTTP 502")
    }

    @Test func `a folder without sheets and an address that is none are mistakes of usage`() throws {
        #expect(throws: OperatorError.self) { try PackFolder("/nowhere/at/all") }
        let empty = try TestPack()
        let error = #expect(throws: OperatorError.self) { try PackFolder(empty.directory.path) }
        #expect(error?.status == .usage)
        #expect(throws: OperatorError.self) { try ServiceAddresses.replacement("grid-operations") }
        #expect(throws: OperatorError.self) { try ServiceAddresses.replacement("who=http://x:1") }
        let (service, url) = try ServiceAddresses.replacement("grid-operations=http://10.0.0.5:8101/")
        #expect(
            ServiceAddresses(basePort: 9000, replaced: [service: url]).url(of: .gridOperations)
                == "http://10.0.0.5:8101")
        #expect(ServiceAddresses(basePort: 9000).url(of: .notifications) == "http://127.0.0.1:9004")
    }

    @Test func `a pack is read in the order of its numbers, other files are named`() throws {
        let pack = try TestPack()
        for name in ["26_网格事件.csv", "01_区划.CSV", "12_注册志愿者.csv", "99_什么.csv", "~$01_区划.xlsx", "说明.txt"] {
            try pack.add(name, "x")
        }
        try pack.add("pack.json", #"{"rows": {"26_网格事件.csv": 3000}}"#)
        let folder = try PackFolder(pack.directory.path)
        #expect(folder.files.map(\.name) == ["01_区划.CSV", "26_网格事件.csv"])
        #expect(folder.files.map(\.rows) == [nil, 3000])
        #expect(folder.notYet == ["12_注册志愿者.csv"])
        #expect(folder.unknown == ["99_什么.csv"])
        #expect(folder.otherFormats.isEmpty)
    }

    @Test func `a table in a format that is not read is a fault, and the others are imported`() async throws {
        let pack = try TestPack()
        try pack.add("01_区划.csv", "区划代码,名称,层级,上级代码,类型", "532923,祥云县,县,,")
        for name in ["02_网格.xls", "表.ods", "03_党组织.txt", "说明.txt", "~$02_网格.xls"] { try pack.add(name, "x") }
        let sender = TestSender()
        let report = try await pack.load(sender)
        #expect(report.faults.map(\.sheet) == ["02_网格.xls", "03_党组织.txt", "表.ods"])
        #expect(report.faults.allSatisfy { $0.code == "format-unknown" && $0.row == nil })
        #expect(report.status == .rowsRejected)
        #expect(sender.rows("01").count == 1)
    }

    @Test func `the stack is found by the variable, by the link, and its settings give the ports`() throws {
        let pack = try TestPack()
        try pack.add(
            "settings.json", #"{"basePort": 9100, "kafkaBootstrapServers": "127.0.0.1:9111", "topicPrefix": ""}"#)
        let directory = pack.directory.path
        let named = LocalStack.find(environment: ["TIAOKUAI_LOCAL": directory], program: "tiaokuai")
        #expect(named.settings?.basePort == 9100)
        #expect(LocalStack.find(environment: [:], program: "\(directory)/bin/tiaokuai").settings?.basePort == 9100)
        #expect(LocalStack.find(environment: ["TIAOKUAI_LOCAL": "/nowhere"], program: "x").settings == nil)
    }

    @Test func `a replay asks only for what there is`() {
        let all = ReplayCommand.ranges(.division, lane: nil, from: 1, through: nil, heads: [3: 5, 0: 2])
        #expect(all.map { [$0.lane, Int($0.from), Int($0.through)] } == [[0, 1, 2], [3, 1, 5]])
        let part = ReplayCommand.ranges(.division, lane: 3, from: 4, through: 9, heads: [3: 5, 0: 2])
        #expect(part.map { [$0.lane, Int($0.from), Int($0.through)] } == [[3, 4, 5]])
        #expect(ReplayCommand.ranges(.division, lane: 0, from: 4, through: nil, heads: [3: 5, 0: 2]).isEmpty)
    }
}
