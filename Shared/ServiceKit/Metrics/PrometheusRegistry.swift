import CoreMetrics
import Synchronization

/// Holds the series of a process and writes them as Prometheus text.
///
/// The backend of swift-metrics; safe from any thread.
///
/// The number of series of a name is bounded: beyond it they all count into one with the label `overflow="true"`, so that
/// a label that turns out to be unbounded costs accuracy and never memory.
package final class PrometheusRegistry: MetricsFactory {
    private struct Family {
        let kind: MetricKind
        var series: [MetricLabels: any MetricSeries] = [:]
    }

    /// Most series of a name.
    private let seriesMax: Int
    private let families = Mutex<[String: Family]>([:])

    /// Makes an empty registry.
    package init(seriesMax: Int = 1000) { self.seriesMax = seriesMax }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(MetricName.counter(label), .counter, dimensions) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(MetricName.counter(label), .counter, dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(MetricName.plain(label), .gauge, dimensions) { GaugeSeries() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else {
            return series(MetricName.plain(label), .gauge, dimensions) { GaugeSeries() }
        }
        return series(MetricName.plain(label), .histogram, dimensions) { HistogramSeries(bounds: .sizes) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(MetricName.seconds(label), .histogram, dimensions) { HistogramSeries(bounds: .seconds) }
    }

    // Series live as long as the process: Prometheus wants counters that do not disappear, and their number is bounded.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// All series in the text format 0.0.4, sorted by name and labels.
    package func text() -> String {
        let families = families.withLock { $0 }
        var text = PrometheusText()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.begin(name: name, kind: family.kind)
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                series.write(name: name, labels: labels, to: &text)
            }
        }
        return text.content
    }

    private func series<Series: MetricSeries>(
        _ name: String, _ kind: MetricKind, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series {
        let labels = MetricLabels(dimensions)
        return families.withLock { families in
            var family = families[name] ?? Family(kind: kind)
            // A name that is used for two kinds is a mistake; the second one counts into nothing that is shown.
            guard family.kind == kind else { return make() }
            if let known = family.series[labels] as? Series { return known }
            let isFull = family.series.count >= seriesMax
            let labels = isFull ? MetricLabels([("overflow", "true")]) : labels
            let series = family.series[labels] as? Series ?? make()
            family.series[labels] = series
            families[name] = family
            return series
        }
    }
}
