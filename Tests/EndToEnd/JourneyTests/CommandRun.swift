import Foundation

/// One run of the command line.
struct CommandRun: Sendable {
    /// The exit code.
    let status: Int32
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errors: String

    /// Runs a program to its end.
    static func run(
        _ command: [String], folder: URL, environment: [String: String] = [:]
    ) async throws -> CommandRun {
        let name = UUID().uuidString
        let files = (folder.appendingPathComponent("\(name).out"), folder.appendingPathComponent("\(name).err"))
        try Data().write(to: files.0)
        try Data().write(to: files.1)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files and not pipes: nobody has to read while it runs.
        process.standardOutput = try FileHandle(forWritingTo: files.0)
        process.standardError = try FileHandle(forWritingTo: files.1)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return CommandRun(
            status: status, output: String(decoding: try Data(contentsOf: files.0), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: files.1), as: UTF8.self))
    }

    /// Standard output as JSON.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(output.utf8))
    }
}
