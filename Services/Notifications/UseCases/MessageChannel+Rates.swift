extension ChannelLimits.Rate {
    /// The span in whole seconds, at least one.
    package var seconds: Int { max(1, Int(span.components.seconds) + (span.components.attoseconds > 0 ? 1 : 0)) }
}
