import CoreMetrics
import Synchronization

/// The kinds of series of the text format.
enum MetricKind: String, Sendable {
    case counter
    case gauge
    case histogram
}

/// The values of one name and one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// Writes the present values.
    func write(name: String, labels: MetricLabels, to text: inout PrometheusText)
}

/// A number that only grows.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func reset() { value.withLock { $0 = 0 } }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        text.sample(name, labels, value.withLock { $0 })
    }
}

/// A number that goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let value = Mutex(0.0)

    func set(_ number: Int64) { value.withLock { $0 = Double(number) } }
    func set(_ number: Double) { value.withLock { $0 = number } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ number: Int64) { set(number) }
    func record(_ number: Double) { set(number) }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        text.sample(name, labels, value.withLock { $0 })
    }
}

/// How many values fell below each of a few bounds.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    /// Sets of upper bounds.
    enum Bounds {
        /// Seconds from half a millisecond to half a minute, close together around the budgets.
        case seconds
        /// Counts and sizes.
        case sizes

        var values: [Double] {
            switch self {
            case .seconds:
                [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
            case .sizes: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100_000, 1_000_000]
            }
        }
    }

    private struct State {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: Bounds) {
        self.bounds = bounds.values
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.values.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let place = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[place] += 1
            state.sum += value
        }
    }

    func write(name: String, labels: MetricLabels, to text: inout PrometheusText) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total = 0
        for (place, count) in counts.enumerated() {
            total += count
            let bound = place < bounds.count ? PrometheusText.number(bounds[place]) : "+Inf"
            text.sample(name + "_bucket", labels.adding("le", bound), Double(total))
        }
        text.sample(name + "_sum", labels, sum)
        text.sample(name + "_count", labels, Double(total))
    }
}
