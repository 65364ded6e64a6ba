import Foundation
import Models
import Postgres
import ServiceKit

/// What the people of a claim want and have had today, locked until the claim is written.
struct RespectLedger: Sendable {
    /// The day of the county, `yyyy-mm-dd`.
    let day: String
    private var sentToday: [PersonID: Int] = [:]
    private let optedOut: Set<Int64>

    /// Reads and locks: of two claims that each have a message for one person, the second sees what the first took.
    init(
        _ found: [SendingCandidate], on channel: ChannelCode, _ sealer: AddressSealer, at moment: Date,
        in transaction: PostgresTransaction
    ) async throws {
        day = try CountyCalendar.day(of: moment).description
        let people = Set(found.filter { $0.lane != .emergency }.map(\.person.rawValue))
        let ordered = people.sorted { $0.uuidString < $1.uuidString }
        if !ordered.isEmpty {
            let counts = try await transaction.pipeline([
                """
                insert into notify.daily_counts (person_id, day, messages)
                select person_id, \(day)::text::date, 0 from unnest(\(ordered)) as n (person_id) order by person_id
                on conflict do nothing
                """,
                """
                select person_id, messages::int8 as messages from notify.daily_counts
                where person_id = any(\(ordered)) and day = \(day)::text::date order by person_id for update
                """,
            ])
            for row in counts[1].rows {
                sentToday[PersonID(rawValue: try row.decode("person_id"))] = try row.decode("messages")
            }
        }
        var owners: [[UInt8]: [Int64]] = [:]
        for candidate in found {
            owners[try sealer.optOutHash(of: candidate.person), default: []].append(candidate.id)
            if let hash = candidate.addressHash { owners[hash, default: []].append(candidate.id) }
        }
        let hits = try await transaction.query(
            """
            select subject_hash from notify.opt_outs
            where channel = \(channel.rawValue) and subject_hash = any(\(Array(owners.keys)))
            """
        ).rows.map { try $0.decode("subject_hash", as: [UInt8].self) }
        optedOut = Set(hits.flatMap { owners[$0] ?? [] })
    }

    /// What decides whether a message may go.
    func facts(of candidate: SendingCandidate, needsAddress: Bool) -> Respect.Facts {
        Respect.Facts(
            lane: candidate.lane, orderedAt: candidate.orderedAt,
            isReachable: !needsAddress || candidate.address != nil,
            hasOptedOut: optedOut.contains(candidate.id), isMuted: candidate.isMuted,
            sentToday: sentToday[candidate.person] ?? 0, takesPlace: candidate.countedOn == nil)
    }

    /// Counts a message of the same claim.
    mutating func noteSent(_ candidate: SendingCandidate) {
        guard candidate.lane != .emergency, candidate.countedOn == nil else { return }
        sentToday[candidate.person, default: 0] += 1
    }

    /// Writes down what was counted.
    func counting(_ going: [SendingCandidate]) -> [PostgresStatement] {
        let people = going.filter { $0.lane != .emergency && $0.countedOn == nil }.map(\.person.rawValue)
        guard !people.isEmpty else { return [] }
        return [
            """
            update notify.daily_counts c set messages = c.messages + n.messages
            from (select person_id, count(*)::int as messages from unnest(\(people)) as u (person_id) group by person_id) n
            where c.person_id = n.person_id and c.day = \(day)::text::date
            """
        ]
    }
}
