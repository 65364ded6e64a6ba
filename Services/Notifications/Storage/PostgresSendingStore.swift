import Foundation
import Models
import Postgres
import ServiceKit

/// The table of messages that leave the suite, in PostgreSQL.
package struct PostgresSendingStore: SendingStore {
    let pool: PostgresPool
    let sealer: AddressSealer
    let unsubscribeLink: @Sendable (PersonID, ChannelCode) -> String?
    let jitter: @Sendable () -> Double

    /// Works through a pool.
    ///
    /// - Parameters:
    ///   - sealer: opens addresses.
    ///   - unsubscribeLink: the link by which a person ends a channel, given to the channel as the slot `unsubscribe`.
    ///   - jitter: gives `0..<1`.
    package init(
        pool: PostgresPool, sealer: AddressSealer,
        unsubscribeLink: @escaping @Sendable (PersonID, ChannelCode) -> String? = { _, _ in nil },
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.unsubscribeLink = unsubscribeLink
        self.pool = pool
        self.sealer = sealer
        self.jitter = jitter
    }

    package func claim(_ claim: SendingClaim, at moment: Date) async throws -> ClaimedSendings {
        try await pool.withTransaction { transaction in
            var paces = PaceLedger(claim.channel, claim.limits, at: moment)
            try await paces.lock(in: transaction)
            let found = try await candidates(of: claim, within: paces, at: moment, in: transaction)
            guard !found.isEmpty else { return ClaimedSendings(sendings: [], looked: 0) }
            try await paces.readAddresses(found.compactMap(\.addressHash), in: transaction)
            let respected = try await RespectLedger(found, on: claim.channel, sealer, at: moment, in: transaction)
            let digests = try await digestTitles(found, in: transaction)
            let decisions = decide(found, claim, respected, &paces, digests, at: moment)
            for statement in Self.writing(decisions, claim, respected, at: moment) + paces.statements {
                transaction.enqueue(statement)
            }
            let sendings = decisions.compactMap { candidate, decision -> ClaimedSending? in
                guard case .go(let address, let body) = decision else { return nil }
                let isDigest = candidate.digestItems > 1
                var slots = candidate.slots
                slots["unsubscribe"] = claim.channel == .email ? unsubscribeLink(candidate.person, .email) : nil
                return ClaimedSending(
                    id: candidate.id, attempt: candidate.attempts + 1,
                    tries: candidate.attempts + 1 - candidate.forgiven, lane: candidate.lane,
                    message: ChannelMessage(
                        key: candidate.key, address: address,
                        title: isDigest ? DigestText.title(of: candidate.digestItems) : candidate.title,
                        body: body, providerTemplate: candidate.providerTemplate, slots: slots),
                    person: candidate.person)
            }
            return ClaimedSendings(sendings: sendings, looked: found.count)
        }
    }

    /// What is due, the most pressing lanes first, each within its share of the limits of all together.
    private func candidates(
        of claim: SendingClaim, within paces: PaceLedger, at moment: Date, in transaction: PostgresTransaction
    ) async throws -> [SendingCandidate] {
        var found: [SendingCandidate] = []
        for lane in claim.lanes.sorted(by: { $0.rawValue < $1.rawValue }) {
            let limit = min(claim.limit, paces.overallRoom(for: lane)) - found.count
            guard limit > 0 else { continue }
            found += try await transaction.query(
                SendingCandidate.selection(claim, lane: lane, limit: limit, at: moment)
            ).rows.map { try SendingCandidate($0, sealer) }
        }
        return found
    }

    /// The headings that digests join.
    private func digestTitles(
        _ found: [SendingCandidate], in transaction: PostgresTransaction
    ) async throws -> [Int64: [String]] {
        let digests = found.filter { $0.digestItems > 1 }.map(\.id)
        guard !digests.isEmpty else { return [:] }
        var titles: [Int64: [String]] = [:]
        let rows = try await transaction.query(
            """
            select sending_id, title from notify.digest_items where sending_id = any(\(digests))
            order by sending_id, event_id
            """
        ).rows
        for row in rows { titles[try row.decode("sending_id"), default: []].append(try row.decode("title")) }
        return titles
    }

    private func decide(
        _ found: [SendingCandidate], _ claim: SendingClaim, _ respected: RespectLedger, _ paces: inout PaceLedger,
        _ digests: [Int64: [String]], at moment: Date
    ) -> [(SendingCandidate, SendingDecision)] {
        var respected = respected
        return found.map { candidate in
            let facts = respected.facts(of: candidate, needsAddress: claim.channel.contactKind != nil)
            switch Respect.verdict(facts, at: moment, jitter: jitter()) {
            case .skip(let reason): return (candidate, .skip(reason))
            case .hold(let until): return (candidate, .hold(until: until))
            case .go: break
            }
            var address = candidate.destination ?? ""
            if claim.channel.contactKind != nil {
                guard let sealed = candidate.address,
                    // A key that is gone, or bytes that were changed: the next channel may help, the same would not.
                    let opened = try? sealer.open(sealed)
                else { return (candidate, .skip(.unreadableContact)) }
                address = opened
            }
            if let wait = paces.take(candidate.addressHash, lane: candidate.lane, jitter: jitter()) {
                return (candidate, .hold(until: moment.addingTimeInterval(wait)))
            }
            respected.noteSent(candidate)
            let body =
                digests[candidate.id].map { DigestText.body($0, longest: claim.limits.longestBody ?? 2000) }
                ?? candidate.body
            return (candidate, .go(address: address, body: body))
        }
    }

    /// What was decided, as statements: attempts before anybody is asked, skipped and held rows, the next channels, the
    /// day's counts.
    private static func writing(
        _ decisions: [(SendingCandidate, SendingDecision)], _ claim: SendingClaim, _ respected: RespectLedger,
        at moment: Date
    ) -> [PostgresStatement] {
        var going: [SendingCandidate] = []
        var skipped: [(id: Int64, reason: SendingReason)] = []
        var held: [(id: Int64, until: Date)] = []
        for (candidate, decision) in decisions {
            switch decision {
            case .go: going.append(candidate)
            case .skip(let reason): skipped.append((candidate.id, reason))
            case .hold(let until): held.append((candidate.id, until))
            }
        }
        var statements: [PostgresStatement] = []
        if !going.isEmpty {
            statements.append(
                """
                update notify.sendings s set state = 'SENDING', attempts = s.attempts + 1,
                    claimed_until = \(moment.addingTimeInterval(claim.lease)),
                    counted_on = case when s.lane > 0 then coalesce(s.counted_on, \(respected.day)::text::date) end
                where s.id = any(\(going.map(\.id)))
                """)
            statements += respected.counting(going)
        }
        if !skipped.isEmpty {
            statements.append(
                """
                update notify.sendings s set state = 'SKIPPED', reason = v.reason, settled_at = \(moment)
                from unnest(\(skipped.map(\.id)), \(skipped.map(\.reason.rawValue))) as v (id, reason) where s.id = v.id
                """)
            statements.append(SendingStatements.fallBack(skipped.filter(\.reason.allowsFallback).map(\.id), at: moment))
        }
        if !held.isEmpty {
            statements.append(
                """
                update notify.sendings s set not_before = v.until
                from unnest(\(held.map(\.id)), \(held.map(\.until))) as v (id, until) where s.id = v.id
                """)
        }
        return statements
    }
}
