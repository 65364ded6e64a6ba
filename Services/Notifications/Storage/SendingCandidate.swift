import Foundation
import Models
import Postgres

/// A message that is due, with what decides whether it may go.
struct SendingCandidate: Sendable {
    let id: Int64
    let key: UUID
    let person: PersonID
    let lane: SendingLane
    let attempts: Int
    let forgiven: Int
    let title: String
    let body: String
    let providerTemplate: String?
    let slots: [String: String]
    let digestItems: Int
    let orderedAt: Date
    let countedOn: String?
    let destination: String?
    let address: [UInt8]?
    /// By which limits and opt-outs know the address.
    let addressHash: [UInt8]?
    let isMuted: Bool

    init(_ row: PostgresRow, _ sealer: AddressSealer) throws {
        id = try row.decode("id")
        key = try row.decode("key")
        person = PersonID(rawValue: try row.decode("person_id"))
        lane = SendingLane(rawValue: try row.decode("lane")) ?? .campaign
        attempts = try row.decode("attempts")
        forgiven = try row.decode("forgiven")
        title = try row.decode("title")
        body = try row.decode("body")
        providerTemplate = try row.decodeIfPresent("provider_template")
        let text: String = try row.decode("slots")
        slots = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        digestItems = try row.decode("digest_items")
        orderedAt = try row.decode("ordered_at")
        countedOn = try row.decodeIfPresent("counted_on")
        address = try row.decodeIfPresent("address_encrypted")
        destination = try row.decodeIfPresent("destination")
        addressHash = try row.decodeIfPresent("address_hash") ?? destination.map(sealer.hash)
        isMuted = try row.decode("is_muted")
    }

    /// The due messages of a lane that no other replica is looking at, the oldest first; locked.
    static func selection(_ claim: SendingClaim, lane: SendingLane, limit: Int, at moment: Date) -> PostgresStatement {
        """
        select s.id, s.key, s.person_id, s.lane::int8 as lane, s.attempts::int8 as attempts,
            s.forgiven::int8 as forgiven, coalesce(s.title, '') as title,
            coalesce(s.body, '') as body, s.provider_template, s.slots::text as slots,
            s.digest_items::int8 as digest_items, s.ordered_at, s.counted_on::text as counted_on, s.destination,
            c.address_encrypted, c.address_hash,
            exists (select from notify.preferences p
                    where p.person_id = s.person_id and p.kind in (s.kind, '*') and p.channel in (s.channel, '*'))
                as is_muted
        from notify.sendings s
        left join notify.contacts c
            on c.person_id = s.person_id and c.kind = \(claim.channel.contactKind?.rawValue)::text
        where s.state = 'QUEUED' and s.channel = \(claim.channel.rawValue) and s.lane = \(lane.rawValue)
          and s.not_before <= \(moment)
        order by s.not_before, s.id limit \(limit) for update of s skip locked
        """
    }
}

/// What is decided of a due message.
enum SendingDecision: Sendable {
    case go(address: String, body: String)
    case skip(SendingReason)
    case hold(until: Date)
}
