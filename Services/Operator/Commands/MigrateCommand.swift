import ArgumentParser
import Foundation
import Models

/// `tiaokuai migrate`.
struct MigrateCommand: OperatorCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "升级各服务的数据库 Brings the services' databases to the newest migration.",
        discussion: """
            运行同目录下各服务程序的 migrate。设置取自本地环境目录；其他环境请直接运行各服务的 migrate。
            Runs `migrate` of the services' programs beside this one, with the local stack's settings. Elsewhere run each \
            service's own `migrate`.
            """)

    @Option(
        name: .customLong("only"),
        help: ArgumentHelp("只升级这些服务，可重复 Only these services, repeatable.", valueName: "service"))
    var only: [ServiceName] = []

    func perform(_ console: Console) async throws -> ExitStatus {
        let stack = LocalStack.find()
        for service in only.isEmpty ? ServiceName.allCases : only {
            let program = try SiblingProgram.find(service.rawValue)
            var arguments = ["migrate"]
            let settings = stack.settingsFile(of: service)
            if FileManager.default.fileExists(atPath: settings) { arguments += ["--config", settings] }
            let status = try await SiblingProgram.run(program, arguments)
            guard status == 0 else {
                throw OperatorError(
                    status == 69 ? .unavailable : .checkFailed,
                    "\(service.rawValue) 的数据库没有升级（退出码 \(status)）：原因见上面的输出。",
                    "The database of \(service.rawValue) was not migrated (exit code \(status)): see the output above.")
            }
            console.line("\(service.rawValue): 已是最新 up to date")
        }
        return .success
    }
}

/// Programs in the folder of this one.
enum SiblingProgram {
    /// The path of a program.
    ///
    /// - Throws: `OperatorError` (unavailable) when it is not there.
    static func find(_ name: String) throws -> String {
        let own = Bundle.main.executableURL?.resolvingSymlinksInPath()
        let path = own?.deletingLastPathComponent().appendingPathComponent(name).path ?? name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw OperatorError(
                .unavailable, "找不到程序 \(path)：请先运行 make build。", "There is no program \(path): run make build first.")
        }
        return path
    }

    /// Runs a program to its end; its output goes where this process's goes.
    static func run(_ path: String, _ arguments: [String]) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.standardError
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
