import CoreMetrics
import Metrics
import ServiceKit
import Testing

struct MetricsTests {
    @Test func `counters, gauges and histograms are written in the text format`() {
        let registry = PrometheusRegistry()
        let counter = Counter(
            label: "mail.sent", dimensions: [("kind", "a\"b\\c\nd"), ("area", "x")], factory: registry)
        counter.increment(by: 2)
        Counter(label: "mail.sent", dimensions: [("area", "x"), ("kind", "a\"b\\c\nd")], factory: registry).increment()
        Gauge(label: "depth", dimensions: [], factory: registry).record(1.5)
        let timer = Metrics.Timer(label: "wait", dimensions: [], preferredDisplayUnit: .seconds, factory: registry)
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(60_000_000_000)
        let text = registry.text()
        #expect(
            text.hasPrefix(
                """
                # TYPE depth gauge
                depth 1.5
                # TYPE mail_sent_total counter
                mail_sent_total{area="x",kind="a\\"b\\\\c\\nd"} 3
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.0005"} 0
                wait_seconds_bucket{le="0.001"} 0
                wait_seconds_bucket{le="0.0025"} 1

                """))
        #expect(
            text.hasSuffix(
                """
                wait_seconds_bucket{le="30"} 1
                wait_seconds_bucket{le="+Inf"} 2
                wait_seconds_sum 60.002
                wait_seconds_count 2

                """))
    }

    @Test func `a label that is unbounded costs accuracy, not memory`() {
        let registry = PrometheusRegistry(seriesMax: 3)
        for number in 0..<100 {
            Counter(label: "hits", dimensions: [("path", "\(number)")], factory: registry).increment()
        }
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("hits_total") }
        #expect(lines.count == 4)
        #expect(lines.contains("hits_total{overflow=\"true\"} 97"))
        Counter(label: "hits", dimensions: [("path", "0")], factory: registry).increment()
        #expect(registry.text().contains("hits_total{path=\"0\"} 2"))
    }

    @Test func `a name that is used for two kinds keeps the first`() {
        let registry = PrometheusRegistry()
        Gauge(label: "same_total", dimensions: [], factory: registry).record(7)
        Counter(label: "same_total", dimensions: [], factory: registry).increment()
        #expect(registry.text() == "# TYPE same_total gauge\nsame_total 7\n")
    }

    @Test func `many tasks count every time`() async {
        let registry = PrometheusRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { Counter(label: "n", dimensions: [], factory: registry).increment() }
                }
            }
        }
        #expect(registry.text().contains("n_total 8000\n"))
    }

    @Test func `memory and processor time are read from proc`() {
        let figures = ProcessFigures.parse(
            status: "Name:\tx y\nVmRSS:\t   2048 kB\nThreads:\t5\n",
            stat: "7 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 5 0 1 2 3")
        #expect(figures.residentBytes == 2_097_152)
        #expect(figures.threads == 5)
        #expect(figures.processorSeconds == 2)
        #expect(ProcessFigures.parse(status: "", stat: "") == ProcessFigures())
        #expect((ProcessFigures.current().residentBytes ?? 0) > 1e6)
    }
}
