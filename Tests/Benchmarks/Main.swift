import Foundation

/// `benchmarks [incidents] [overload] [security] [lifecycle] [lists] [audit] [import] [relay] [consumer] [latency]`: measures what is
/// named, or everything but `deadlines` or `deadlines=20000`, a simulated year of so many incidents; prints the table.
@main struct Main {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if try await LoadProcess.main(arguments) { return }
        let named = Set(arguments)
        var table = MeasurementTable()
        func measure(_ name: String, _ body: () async throws -> [Measurement]) async throws {
            guard named.isEmpty || named.contains(name) else { return }
            FileHandle.standardError.write(Data("measuring: \(name) …\n".utf8))
            table.measurements += try await body()
        }
        try await measure("incidents", ServiceBenchmarks().incidents)
        try await measure("overload", OverloadBenchmarks().overload)
        try await measure("security", SecurityBenchmarks().ratio)
        try await measure("lifecycle", LifecycleBenchmarks().lifecycle)
        try await measure("lists", ListBenchmarks().lists)
        try await measure("audit", AuditTrailBenchmarks().writing)
        try await measure("import", ImportBenchmark().measure)
        let messaging = MessagingBenchmarks(backlog: 200_000, rounds: 3)
        try await measure("relay") { [try await messaging.relayDrain()] }
        try await measure("consumer") { [try await messaging.consumerApply()] }
        try await measure("latency") { [try await messaging.latency()] }
        if let year = DeadlineBenchmarks(named: arguments) { table.measurements += try await year.year() }
        print(table.text, terminator: "")
    }
}
