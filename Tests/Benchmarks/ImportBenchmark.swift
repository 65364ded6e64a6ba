import Foundation
import Support

/// How long the first import of the county pack takes, on a local stack as `make up` makes it.
struct ImportBenchmark {
    let rounds = 3

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private struct Report: Decodable {
        struct Sheet: Decodable {
            let rows, accepted: Int
        }
        let sheets: [Sheet]
    }

    func measure() async throws -> [Measurement] {
        var times: [Double] = []
        var rows = 0
        for _ in 0..<rounds {
            let (time, count) = try await importOnce()
            times.append(time)
            rows = count
        }
        let time = median(times)
        return [
            Measurement(
                what: "import of the county pack, \(rows) rows of the sheets read so far",
                figure: "\(time.places(1)) s", budget: "20 s", isMet: time <= 20,
                note: "a new stack each time, fsync on, over the services' HTTP interface; runs: "
                    + times.map { $0.places(1) }.joined(separator: ", "))
        ]
    }

    /// Imports into a stack of its own, which is removed afterwards.
    private func importOnce() async throws -> (seconds: Double, rows: Int) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tk-bench-\(UUID().uuidString)").path
        // The stack takes a dozen ports from its first one on.
        let environment = ["TIAOKUAI_LOCAL": folder, "TIAOKUAI_PORTS": "\(min(try FreePort.take(), 65_000))"]
        func script(_ name: String) async throws {
            try await ChildProcess.run(["\(Self.root)/deploy/local/\(name).sh"], environment: environment)
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        do {
            for part in ["settings", "postgres", "services"] { try await script(part) }
            var output = ""
            let time = try await seconds {
                output = try await ChildProcess.run(
                    ["\(folder)/bin/tiaokuai", "import", "\(Self.root)/deploy/local/xiangyun", "--json"],
                    environment: environment)
            }
            try await script("clean")
            // Progress is written beside the figures.
            let json = output[(output.firstIndex(of: "{") ?? output.startIndex)...]
            let report = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
            let rows = report.sheets.reduce(0) { $0 + $1.accepted }
            guard rows > 0, rows == report.sheets.reduce(0, { $0 + $1.rows }) else {
                throw BenchmarkFailure("the import accepted \(rows) rows only")
            }
            return (time, rows)
        } catch {
            try await script("clean")
            throw error
        }
    }
}
