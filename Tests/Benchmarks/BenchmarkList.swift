import Foundation

/// What can be measured by name.
enum BenchmarkList {
    typealias Benchmark = (name: String, measure: () async throws -> [Measurement])

    /// All but the simulated year, in the order of the table.
    static func all() -> [Benchmark] {
        let messaging = MessagingBenchmarks(backlog: 200_000, rounds: 3)
        return [
            ("incidents", ServiceBenchmarks().incidents),
            ("overload", OverloadBenchmarks().overload),
            ("security", SecurityBenchmarks().ratio),
            ("lifecycle", LifecycleBenchmarks().lifecycle),
            ("lists", ListBenchmarks().lists),
            ("inboxes", InboxBenchmarks().streams),
            ("audit", AuditTrailBenchmarks().writing),
            ("import", ImportBenchmark().measure),
            ("relay", { [try await messaging.relayDrain()] }),
            ("consumer", { [try await messaging.consumerApply()] }),
            ("latency", { [try await messaging.latency()] }),
        ]
    }

    /// Says what can be measured, and ends: with 64 (EX_USAGE of sysexits.h) unless that was asked.
    static func usage(_ names: [String], _ named: Set<String>) {
        let text = """
            用法 usage: benchmarks [名称 name…]，不写名称则测全部（deadlines 除外）all but deadlines without a name
            名称 names: \(names.joined(separator: " ")) deadlines[=事件数 incidents]

            """
        let isAsked = named.isSubset(of: ["--help", "-h"])
        (isAsked ? FileHandle.standardOutput : .standardError).write(Data(text.utf8))
        exit(isAsked ? 0 : 64)
    }
}
