import Foundation
import Postgres

/// A PostgreSQL server of the test process alone, in a temporary folder, ended when the process ends however it ends.
///
/// ``shared`` serves all tests that want a database. A test that stops its server makes one of its own.
package actor PrivatePostgres {
    /// The server for all tests of this process, started when it is first used.
    ///
    /// Not durable: it does not wait for disks.
    package static let shared = PrivatePostgres()

    /// How clients reach the server.
    package enum Network: Sendable {
        /// By a Unix socket alone.
        case socket
        /// By a Unix socket, and by a free port on the loopback address.
        case loopback
    }

    /// The folder of the server: data, socket, log.
    package nonisolated let directory: URL
    private nonisolated let port: Int
    private let isDurable: Bool
    private let network: Network
    private let settings: [String: String]
    private var start: Task<Void, any Error>?
    /// Its closing, also by the death of this process, makes the watcher end the server.
    private var lifeline: Pipe?

    /// Describes a server; ``ready()`` starts it.
    ///
    /// - Parameters:
    ///   - durable: Whether commits wait for the disk, as in production.
    ///   - network: How clients reach it.
    ///   - settings: Further settings of the server.
    package init(durable: Bool = false, network: Network = .socket, settings: [String: String] = [:]) {
        isDurable = durable
        self.network = network
        self.settings = settings
        let mark = UUID().uuidString.prefix(8).lowercased()
        // Short: the path of a Unix socket may have 107 bytes.
        directory = URL(fileURLWithPath: "/tmp/tk-pg-\(ProcessInfo.processInfo.processIdentifier)-\(mark)")
        port = network == .socket ? 5432 : Self.freePort()
    }

    /// Where a database of the server is, through its socket.
    package nonisolated func configuration(database: String = "postgres") -> PostgresConfiguration {
        PostgresConfiguration(
            host: directory.path, port: port, user: "postgres", database: database, applicationName: "tests",
            tls: .disable)
    }

    /// Where a database of the server is, through the loopback address.
    package nonisolated func loopbackConfiguration(database: String = "postgres") -> PostgresConfiguration {
        PostgresConfiguration(
            host: "127.0.0.1", port: port, user: "postgres", database: database, applicationName: "tests",
            tls: .disable)
    }

    /// Makes sure that the server was started once.
    ///
    /// Returns when it accepts connections.
    ///
    /// - Throws: ``ChildProcess/Failure`` when PostgreSQL is not installed or does not start.
    package func ready() async throws {
        if start == nil { start = Task { try await self.create() } }
        try await start?.value
    }

    /// Stops the server as a crash would: no word to clients, nothing written out.
    package func stopImmediately() async throws {
        try await control(["stop", "-m", "immediate"])
    }

    /// Starts the server again after it was stopped.
    package func startAgain() async throws {
        try await control(["start"])
    }

    /// Stops the server as a crash would and starts it again.
    package func restart() async throws {
        try await control(["restart", "-m", "immediate"])
    }

    /// Stops the server and removes its folder.
    ///
    /// Without this call the watcher does it at the end of the process.
    package func remove() {
        lifeline = nil
    }

    // MARK: - Making it

    private func create() async throws {
        let binaries = try Self.binaries()
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try watch()
        if getuid() == 0 {
            try await ChildProcess.run(["chown", "postgres:", directory.path])
            // The folder of the socket must be open to those who may not own it.
            try await ChildProcess.run(["chmod", "755", directory.path])
        }
        try await ChildProcess.run(
            Self.asServer([
                binaries + "/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--no-sync", "--no-instructions",
            ]))
        try Data(configurationText.utf8).write(to: directory.appendingPathComponent("test.conf"))
        try await ChildProcess.run(
            Self.asServer(["sh", "-c", "echo \"include '\(directory.path)/test.conf'\" >> \(data)/postgresql.conf"]))
        try await control(["start"])
    }

    private nonisolated var data: String { directory.path + "/data" }

    private var configurationText: String {
        var values = [
            "port": "\(port)", "unix_socket_directories": "'\(directory.path)'",
            "listen_addresses": network == .loopback ? "'127.0.0.1'" : "''", "max_connections": "300",
            "shared_buffers": "'128MB'", "log_min_messages": "'fatal'", "max_wal_size": "'2GB'",
            "fsync": isDurable ? "on" : "off", "synchronous_commit": isDurable ? "on" : "off",
            "full_page_writes": isDurable ? "on" : "off",
        ]
        values.merge(settings) { $1 }
        return values.map { "\($0) = \($1)\n" }.sorted().joined()
    }

    private func control(_ arguments: [String]) async throws {
        let binaries = try Self.binaries()
        try await ChildProcess.run(
            Self.asServer([binaries + "/pg_ctl", "-D", data, "-l", data + "/log", "-s", "-w", "-t", "60"] + arguments))
    }

    /// Starts a shell that waits for the end of this process, whatever brings it, and then ends the server.
    ///
    /// It waits by reading a pipe that only this process holds open, in a session of its own, so that no Ctrl-C reaches
    /// it.
    private func watch() throws {
        let script = """
            trap '' INT TERM HUP
            cat > /dev/null
            pid=$(head -n 1 "$0/data/postmaster.pid" 2> /dev/null)
            if [ -n "$pid" ]; then
                kill -QUIT "$pid" 2> /dev/null
                while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
            fi
            rm -rf "$0"
            """
        let lifeline = Pipe()
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let watcher = Process()
        watcher.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        watcher.arguments = ["sh", "-c", script, directory.path]
        watcher.standardInput = lifeline.fileHandleForReading
        watcher.standardOutput = FileHandle.nullDevice
        watcher.standardError = FileHandle.nullDevice
        watcher.currentDirectoryURL = URL(fileURLWithPath: "/")
        try watcher.run()
        self.lifeline = lifeline
    }

    /// The newest installed server's programs.
    package static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        // No such folder is the same as an empty one.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted().last {
            FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb")
        }
        guard let newest else {
            throw ChildProcess.Failure(description: "no PostgreSQL server in \(root): install the package postgresql")
        }
        return "\(root)/\(newest)/bin"
    }

    /// PostgreSQL refuses to run as root.
    private static func asServer(_ command: [String]) -> [String] {
        getuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] + command : command
    }

    /// A port that nobody listens on at this moment.
    private static func freePort() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(descriptor, generic, length)
                _ = getsockname(descriptor, generic, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
