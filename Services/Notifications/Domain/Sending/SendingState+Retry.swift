extension SendingState {
    /// Whether a person may have a message in this state sent again: never against the will of its reader, and not what
    /// is of no use any more.
    package func mayBeRetried(after reason: SendingReason?) -> Bool {
        switch self {
        case .failed, .unknown: true
        case .skipped: reason?.allowsFallback ?? false
        case .queued, .sending, .sent: false
        }
    }
}
