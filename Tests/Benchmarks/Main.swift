import Foundation

/// Measures what is named, or everything but the simulated year, and prints the table.
@main struct Main {
    private typealias Benchmark = (name: String, measure: () async throws -> [Measurement])

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if try await LoadProcess.main(arguments) { return }
        let year = DeadlineBenchmarks(named: arguments)
        let named = Set(arguments.filter { !$0.hasPrefix("deadlines") })
        let benchmarks = benchmarks()
        guard named.isSubset(of: benchmarks.map(\.name)) else { return usage(benchmarks.map(\.name), named) }
        var table = MeasurementTable()
        for (name, measure) in benchmarks where named.contains(name) || arguments.isEmpty {
            FileHandle.standardError.write(Data("measuring: \(name) …\n".utf8))
            table.measurements += try await measure()
        }
        if let year { table.measurements += try await year.year() }
        print(table.text, terminator: "")
    }

    private static func benchmarks() -> [Benchmark] {
        let messaging = MessagingBenchmarks(backlog: 200_000, rounds: 3)
        return [
            ("incidents", ServiceBenchmarks().incidents),
            ("overload", OverloadBenchmarks().overload),
            ("security", SecurityBenchmarks().ratio),
            ("lifecycle", LifecycleBenchmarks().lifecycle),
            ("lists", ListBenchmarks().lists),
            ("audit", AuditTrailBenchmarks().writing),
            ("import", ImportBenchmark().measure),
            ("relay", { [try await messaging.relayDrain()] }),
            ("consumer", { [try await messaging.consumerApply()] }),
            ("latency", { [try await messaging.latency()] }),
        ]
    }

    /// Says what can be measured, and ends: with 64 (EX_USAGE of sysexits.h) unless that was asked.
    private static func usage(_ names: [String], _ named: Set<String>) {
        let text = """
            用法 usage: benchmarks [名称 name…]，不写名称则测全部（deadlines 除外）all but deadlines without a name
            名称 names: \(names.joined(separator: " ")) deadlines[=事件数 incidents]

            """
        let isAsked = named.isSubset(of: ["--help", "-h"])
        (isAsked ? FileHandle.standardOutput : .standardError).write(Data(text.utf8))
        exit(isAsked ? 0 : 64)
    }
}
