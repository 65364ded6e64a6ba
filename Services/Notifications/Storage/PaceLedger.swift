import Foundation
import Postgres

/// What may still be handed to a provider within its limits, counted by all replicas together.
struct PaceLedger: Sendable {
    private struct Place: Hashable {
        let subject: [UInt8]
        let span: Int
    }

    private let channel: ChannelCode
    private let limits: ChannelLimits
    private let moment: Date
    private var used: [Place: Int] = [:]
    private var taken: [Place: Int] = [:]

    init(_ channel: ChannelCode, _ limits: ChannelLimits, at moment: Date) {
        self.channel = channel
        self.limits = limits
        self.moment = moment
    }

    /// Holds the channel until the end of the transaction, if it has limits, and reads what went to all together.
    mutating func lock(in transaction: PostgresTransaction) async throws {
        guard !(limits.overall + limits.perAddress).isEmpty else { return }
        _ = try await transaction.pipeline([
            "insert into notify.channel_locks (channel) values (\(channel.rawValue)) on conflict do nothing",
            "select from notify.channel_locks where channel = \(channel.rawValue) for update",
        ])
        try await read([[]], limits.overall, in: transaction)
    }

    /// Reads what went to addresses.
    mutating func readAddresses(_ hashes: [[UInt8]], in transaction: PostgresTransaction) async throws {
        try await read(hashes, limits.perAddress, in: transaction)
    }

    private mutating func read(
        _ subjects: [[UInt8]], _ rates: [ChannelLimits.Rate], in transaction: PostgresTransaction
    ) async throws {
        guard !subjects.isEmpty, !rates.isEmpty else { return }
        let spans = Array(Set(rates.map(\.seconds)))
        let rows = try await transaction.query(
            """
            select p.subject, p.span_seconds::int8 as span, sum(p.messages)::int8 as messages
            from unnest(\(spans), \(spans.map { Pace.tenth(at: moment, span: $0) - 10 })) as n (span, first)
            join notify.paces p on p.channel = \(channel.rawValue) and p.subject = any(\(subjects))
                and p.span_seconds = n.span and p.tenth >= n.first
            group by p.subject, p.span_seconds
            """
        ).rows
        for row in rows {
            used[Place(subject: try row.decode("subject"), span: try row.decode("span"))] = try row.decode("messages")
        }
    }

    /// How many of a lane may go to all together.
    func overallRoom(for lane: SendingLane) -> Int {
        limits.overall.map { room($0, [], lane) }.min() ?? .max
    }

    private func room(_ rate: ChannelLimits.Rate, _ subject: [UInt8], _ lane: SendingLane) -> Int {
        let share = subject.isEmpty ? lane.share : 1
        return Pace.room(rate.messages, used: used[Place(subject: subject, span: rate.seconds)] ?? 0, share: share)
    }

    /// Takes room for one message.
    ///
    /// - Returns: nil when it was there, else how many seconds to wait.
    mutating func take(_ address: [UInt8]?, lane: SendingLane, jitter: Double) -> Double? {
        let own = address.map { hash in limits.perAddress.map { (rate: $0, subject: hash) } } ?? []
        let all = limits.overall.map { (rate: $0, subject: [UInt8]()) } + own
        if let full = all.first(where: { room($0.rate, $0.subject, lane) == 0 }) {
            return Pace.wait(span: full.rate.seconds, jitter: jitter)
        }
        for place in Set(all.map({ Place(subject: $0.subject, span: $0.rate.seconds) })) {
            used[place, default: 0] += 1
            taken[place, default: 0] += 1
        }
        return nil
    }

    /// Writes down what was taken, and forgets what no window reaches any more.
    var statements: [PostgresStatement] {
        guard !taken.isEmpty else { return [] }
        let rows = taken.map { (place: $0.key, messages: $0.value) }
        return [
            """
            insert into notify.paces as p (channel, subject, span_seconds, tenth, messages)
            select \(channel.rawValue), n.subject, n.span, n.tenth, n.messages
            from unnest(\(rows.map(\.place.subject)), \(rows.map(\.place.span)),
                \(rows.map { Pace.tenth(at: moment, span: $0.place.span) }), \(rows.map(\.messages)))
                as n (subject, span, tenth, messages)
            on conflict (channel, subject, span_seconds, tenth) do update set messages = p.messages + excluded.messages
            """
        ]
    }
}
