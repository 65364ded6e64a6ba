import Metrics

/// How far a piece of background work is behind, in seconds, as a metric.
package struct LagGauge: Sendable {
    private let gauge: Gauge

    /// Names the metric, in snake case with its unit: `deadline_watch_lag_seconds`.
    package init(_ label: String) { gauge = Gauge(label: label) }

    /// Sets how far it is behind now; 0 when it is not.
    package func set(seconds: Double) { gauge.record(max(0, seconds)) }
}
