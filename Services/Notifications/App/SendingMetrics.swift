import Metrics

/// The engine's figures as metrics.
enum SendingMetrics {
    /// Notes a figure.
    static func note(_ figure: SendingFigure) {
        switch figure {
        case .attempt(let channel, let outcome):
            Counter(
                label: "sending_attempts_total", dimensions: [("channel", channel.rawValue), ("outcome", outcome)]
            ).increment()
        case .circuitOpened(let channel):
            Counter(label: "sending_circuit_opened_total", dimensions: [("channel", channel.rawValue)]).increment()
        case .backlog(let waiting):
            for channel in ChannelCode.allCases where channel != .inApp {
                for lane in SendingLane.allCases {
                    let due = waiting.first { $0.channel == channel.rawValue && $0.lane == lane.rawValue }
                    let dimensions = [("channel", channel.rawValue), ("lane", String(describing: lane))]
                    Gauge(label: "sendings_due", dimensions: dimensions).record(due?.due ?? 0)
                    Gauge(label: "sendings_oldest_seconds", dimensions: dimensions).record(due?.oldest ?? 0)
                }
            }
        }
    }
}
