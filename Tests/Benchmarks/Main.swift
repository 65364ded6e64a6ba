import Foundation

/// Measures what is named, or everything but the simulated year, and prints the table.
@main struct Main {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if try await LoadProcess.main(arguments) { return }
        let year = DeadlineBenchmarks(named: arguments)
        let named = Set(arguments.filter { !$0.hasPrefix("deadlines") })
        let benchmarks = BenchmarkList.all()
        guard named.isSubset(of: benchmarks.map(\.name)) else {
            return BenchmarkList.usage(benchmarks.map(\.name), named)
        }
        var table = MeasurementTable()
        for (name, measure) in benchmarks where named.contains(name) || arguments.isEmpty {
            FileHandle.standardError.write(Data("measuring: \(name) …\n".utf8))
            table.measurements += try await measure()
        }
        if let year { table.measurements += try await year.year() }
        print(table.text, terminator: "")
    }
}
