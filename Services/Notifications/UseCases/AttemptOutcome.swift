import Foundation
import Models

/// What follows from an attempt.
package enum AttemptOutcome: Sendable, Equatable {
    /// The provider took it.
    case sent(receipt: String?)
    /// It is over; another channel may follow.
    case failed(SendingReason, code: String)
    /// Nobody knows; it is never repeated by itself.
    case unknown(SendingReason, code: String)
    /// It is tried again at a time, with the same key.
    case again(at: Date, code: String)

    /// Decides by what the provider answered.
    ///
    /// - Parameters:
    ///   - channel: the channel, which tells whether the provider knows our key and a lost answer may be asked again.
    ///   - attempt: which attempt it was, from 1.
    ///   - jitter: `0..<1`.
    package init(
        _ outcome: SendOutcome, on channel: ChannelCode, lane: SendingLane, attempt: Int, at moment: Date,
        jitter: Double
    ) {
        switch outcome {
        case .accepted(let receipt): self = .sent(receipt: receipt)
        case .refused(let code): self = .failed(.refused, code: code)
        case .failed(let code, let after):
            self = Self.again(
                code, after: after, lane: lane, attempt: attempt, at: moment, jitter: jitter,
                end: .failed(.attemptsSpent, code: code))
        case .unknown(let code):
            guard channel.knowsKeys else {
                self = .unknown(.lostAnswer, code: code)
                return
            }
            self = Self.again(
                code, after: nil, lane: lane, attempt: attempt, at: moment, jitter: jitter,
                end: .unknown(.lostAnswer, code: code))
        }
    }

    private static func again(
        _ code: String, after: Duration?, lane: SendingLane, attempt: Int, at moment: Date, jitter: Double,
        end: AttemptOutcome
    ) -> AttemptOutcome {
        guard attempt < lane.attemptsMax else { return end }
        let asked = after.map { Double($0.components.seconds) + Double($0.components.attoseconds) / 1e18 }
        // Nobody is asked again before tomorrow's tomorrow, whatever the provider says.
        let wait = RetryPlan.wait(after: attempt, retryAfter: asked.map { min($0, 86_400) }, jitter: jitter)
        return .again(at: moment.addingTimeInterval(wait), code: code)
    }

    /// The word for metrics.
    package var word: String {
        switch self {
        case .sent: "sent"
        case .failed: "failed"
        case .unknown: "unknown"
        case .again: "again"
        }
    }
}

extension ChannelCode {
    /// Whether the receiver drops a message whose key it has seen, so that it may be sent again after a lost answer:
    /// WeCom's application messages (`enable_duplicate_check`) and webhooks (the event's id).
    package var knowsKeys: Bool {
        switch self {
        case .weComApp, .webhook: true
        case .inApp, .email, .sms, .weComRobot, .dingTalkRobot: false
        }
    }

    /// What kind of address of a person the channel needs.
    package var contactKind: ContactKind? {
        switch self {
        case .sms: .mobile
        case .email: .email
        case .weComApp: .wecom
        // Groups and webhooks have a destination of their own.
        case .inApp, .weComRobot, .dingTalkRobot, .webhook: nil
        }
    }
}
