/// How a relay paces itself.
package struct RelaySettings: Sendable {
    /// The first wait between looks at the outbox when nothing wakes the relay.
    package var pollMin: Duration = .milliseconds(20)
    /// The wait that an idle relay grows to, doubling.
    package var pollMax: Duration = .seconds(1)
    /// How many records are read and sent at once; bounds the memory of a large backlog.
    package var chunkRecordsMax = 4000
    /// How long one chunk may take to be acknowledged before it is sent again.
    package var sendTimeout: Duration = .seconds(30)
    /// How often the heads of lanes are sent while nothing else is, when they have changed since.
    package var headsInterval: Duration = .seconds(2)
    /// How often they are sent in any case.
    package var headsRepeat: Duration = .seconds(10)
    /// The wait of a standby between tries to become the active relay.
    package var standbyInterval: Duration = .seconds(1)
    /// The waits after a failure, doubling.
    package var backoff: ClosedRange<Duration> = .milliseconds(50)...(.seconds(5))
    /// How many days the outbox is kept after the audit has closed them: how far back a reader can be sent things again.
    package var retentionDays = 14

    package init() {}
}
