/// What the engine tells of its work, for metrics.
package enum SendingFigure: Sendable {
    /// An attempt came to an end: `sent`, `failed`, `unknown`, `again`, or `late` where nobody waited for it any more.
    case attempt(ChannelCode, outcome: String)
    /// A channel failed again and again, and rests.
    case circuitOpened(ChannelCode)
    /// What is due at this moment, on all channels; a channel and lane that are absent have nothing.
    case backlog([SendingBacklog])
}
