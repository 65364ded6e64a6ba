import Foundation

/// Runs commands for tests.
package enum ChildProcess {
    /// A command that could not be run, or failed.
    package struct Failure: Error, CustomStringConvertible {
        /// The command, its exit code and the end of its output.
        package let description: String
    }

    /// Runs a command to its end and returns what it wrote.
    ///
    /// Not by Foundation's `Process`, which calls a command ended only when everything that it left in the background
    /// has ended too, as a database server does not.
    ///
    /// - Throws: ``Failure`` when it cannot be started or does not exit with 0.
    @discardableResult
    package static func run(_ command: [String], environment: [String: String] = [:]) async throws -> String {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("tk-\(UUID().uuidString).out")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }  // Only a temporary file is left behind.
        let environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            // A thread of its own: waiting for a child blocks.
            Thread.detachNewThread {
                continuation.resume(
                    with: Result { try spawnAndWait(command, environment: environment, output: output.path) })
            }
        }
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        guard status == 0 else {
            throw Failure(description: "\(command.joined(separator: " ")) exited with \(status): \(text.suffix(2000))")
        }
        return text
    }

    /// A server that goes on in the background would keep every connection open that a test has at this moment, and it
    /// must be able to look at its working directory.
    private static let launcher = """
        for fd in /proc/self/fd/*; do fd=${fd##*/}; [ "$fd" -le 2 ] || eval "exec $fd>&-"; done
        cd / && exec "$0" "$@"
        """

    private static func spawnAndWait(
        _ command: [String], environment: [String: String], output: String
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND, 0)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = ["bash", "-c", Self.launcher] + command
        var arguments = words.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        // A worker's thread has most signals blocked; a command that inherits that never gets its own alarm.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var child = pid_t()
        let code = posix_spawn(&child, "/bin/bash", &actions, &attributes, &arguments, &variables)
        guard code == 0 else {
            throw Failure(description: "\(command.joined(separator: " ")): \(String(cString: strerror(code)))")
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw Failure(description: "\(command[0]): lost by its parent") }
        }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }
}
