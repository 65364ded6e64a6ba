import Foundation
import Support

/// A program that runs beside the tests and never outlives them: a shell in a session of its own holds it, and ends it
/// when this process closes its pipe, however that comes about.
final class ServiceProcess: @unchecked Sendable {
    // Invariant: used by one test at a time, which awaits each call.
    private let arguments: [String]
    private let environment: [String: String]
    private let folder: URL
    private let name: String
    private var lifeline: Pipe?
    private var starts = 0

    /// Describes a program; `start` runs it.
    init(_ name: String, arguments: [String], environment: [String: String] = [:], folder: URL) {
        self.name = name
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// The file with all that the program has written.
    var log: URL { folder.appendingPathComponent("\(name).log") }

    private var pidFile: URL { folder.appendingPathComponent("\(name).\(starts).pid") }

    /// Starts the program anew.
    ///
    /// - Parameter extra: variables for this start alone.
    func start(with extra: [String: String] = [:]) throws {
        starts += 1
        let script = """
            trap '' INT TERM HUP
            log=$1; pid_file=$2; shift 2
            { sh -c 'echo $$ > "$0.new" && mv "$0.new" "$0"; exec "$@"' "$pid_file" "$@" >> "$log" 2>&1 < /dev/null
                echo $? > "$pid_file.status.new" && mv "$pid_file.status.new" "$pid_file.status"; } &
            cat > /dev/null
            kill -KILL "$(cat "$pid_file")" 2> /dev/null
            """
        let pipe = Pipe()
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        shell.arguments = ["sh", "-c", script, "sh", log.path, pidFile.path] + arguments
        shell.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            .merging(extra) { $1 }
        shell.standardInput = pipe.fileHandleForReading
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        shell.currentDirectoryURL = URL(fileURLWithPath: "/")
        try shell.run()
        lifeline = pipe
    }

    /// The number of the running program, once it is known.
    var processIdentifier: Int32? {
        // Not written yet is the same as not known.
        (try? String(contentsOf: pidFile, encoding: .utf8)).flatMap {
            Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// The state that the system shows of the program, such as `S` (waits), `T` (stopped), `Z` (has ended); nil when there
    /// is no such process.
    var state: Character? {
        // No file is the same as no process.
        guard let pid = processIdentifier,
            let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        else { return nil }
        // The name before it is in brackets and may hold anything.
        return line[line.index(after: line.lastIndex(of: ")") ?? line.startIndex)...].first { $0 != " " }
    }

    /// Whether the program was started and has ended by itself.
    var hasEnded: Bool { processIdentifier != nil && (state == nil || state == "Z") }

    /// The status with which the program ended, 128 and the signal where one ended it; nil before that.
    var endStatus: Int32? {
        // Not written yet is the same as not known.
        (try? String(contentsOf: pidFile.appendingPathExtension("status"), encoding: .utf8)).flatMap {
            Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    /// Lets a stopped program go on.
    func wake() {
        if let pid = processIdentifier { kill(pid, SIGCONT) }
    }

    /// Ends the program as a power cut would.
    func killNow() {
        if let pid = processIdentifier { kill(pid, SIGKILL) }
    }

    /// Ends the program as a power cut would, and waits until it is gone.
    func endNow() async throws {
        try await eventually(within: .seconds(10), "\(name) has begun") { processIdentifier != nil }
        killNow()
        try await eventually(within: .seconds(10), "\(name) has ended") { hasEnded }
    }

    /// Ends the program, in order if it can within the time.
    func stop() {
        if let pid = processIdentifier { kill(pid, SIGTERM) }
        lifeline = nil
    }
}
