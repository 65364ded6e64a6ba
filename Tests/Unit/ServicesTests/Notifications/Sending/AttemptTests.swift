import Foundation
import NotificationsService
import Testing

@Suite struct AttemptTests {
    private static let moment = Date(timeIntervalSince1970: 1_700_000_000)

    private static func outcome(
        _ outcome: SendOutcome, on channel: ChannelCode = .sms, attempt: Int = 1, jitter: Double = 0.5
    ) -> AttemptOutcome {
        AttemptOutcome(
            outcome, on: channel, lane: .transactional, attempt: attempt, at: moment, jitter: jitter)
    }

    @Test(arguments: [(1, 2.0), (2, 4.0), (5, 32.0), (9, 512.0), (10, 900.0), (40, 900.0)])
    func `waits double up to a quarter of an hour, with full jitter`(_ attempts: Int, _ ceiling: Double) {
        #expect(RetryPlan.wait(after: attempts, retryAfter: nil, jitter: 0) == 0)
        #expect(abs(RetryPlan.wait(after: attempts, retryAfter: nil, jitter: 0.999_999) - ceiling) < 0.01)
    }

    @Test func `what the provider asked for is never undercut`() {
        for jitter in [0, 0.3, 0.99] {
            let wait = RetryPlan.wait(after: 1, retryAfter: 60, jitter: jitter)
            #expect(wait >= 60 && wait <= 66)
        }
    }

    @Test func `a failure is tried again until the attempts are spent`() {
        #expect(
            Self.outcome(.failed(code: "500", after: nil)) == .again(at: Self.moment.addingTimeInterval(1), code: "500")
        )
        #expect(Self.outcome(.failed(code: "500", after: nil), attempt: 6) == .failed(.attemptsSpent, code: "500"))
        #expect(Self.outcome(.refused(code: "bad-number")) == .failed(.refused, code: "bad-number"))
    }

    @Test func `a lost answer is repeated only where the provider knows the key`() {
        #expect(Self.outcome(.unknown(code: "cut")) == .unknown(.lostAnswer, code: "cut"))
        #expect(
            Self.outcome(.unknown(code: "cut"), on: .webhook)
                == .again(at: Self.moment.addingTimeInterval(1), code: "cut"))
        #expect(Self.outcome(.unknown(code: "cut"), on: .webhook, attempt: 6) == .unknown(.lostAnswer, code: "cut"))
    }

    @Test func `five failures in a row open the circuit, one probe tries it`() {
        var breaker = CircuitBreaker(threshold: 5, pauses: 5...20)
        for _ in 0..<4 { breaker.noteFailure(at: Self.moment) }
        #expect(breaker.position(at: Self.moment) == .closed)
        #expect(breaker.admit(8, at: Self.moment) == 8)
        let opened = breaker.noteFailure(at: Self.moment)
        #expect(opened)
        #expect(breaker.admit(8, at: Self.moment.addingTimeInterval(4.9)) == 0)
        let later = Self.moment.addingTimeInterval(5)
        #expect(breaker.admit(8, at: later) == 1)
        #expect(breaker.admit(8, at: later) == 0)
        let openedAgain = breaker.noteFailure(at: later)
        #expect(openedAgain)
        #expect(breaker.position(at: later.addingTimeInterval(9.9)) == .open)
        #expect(breaker.admit(8, at: later.addingTimeInterval(10)) == 1)
        breaker.noteAnswer()
        #expect(breaker.admit(8, at: later.addingTimeInterval(10)) == 8)
    }

    @Test func `an answer between failures keeps the circuit closed`() {
        var breaker = CircuitBreaker(threshold: 2)
        for _ in 0..<5 {
            breaker.noteFailure(at: Self.moment)
            breaker.noteAnswer()
        }
        #expect(breaker.position(at: Self.moment) == .closed)
    }

    @Test func `a probe that nothing needed is given back`() {
        var breaker = CircuitBreaker(threshold: 1, pauses: 5...20)
        breaker.noteFailure(at: Self.moment)
        let later = Self.moment.addingTimeInterval(6)
        #expect(breaker.admit(8, at: later) == 1)
        breaker.giveBack()
        #expect(breaker.admit(8, at: later) == 1)
    }

    @Test func `a rest that is asked for is kept, within bounds`() {
        var breaker = CircuitBreaker(threshold: 5, pauses: 5...120)
        breaker.rest(until: Self.moment.addingTimeInterval(30), at: Self.moment)
        #expect(breaker.position(at: Self.moment.addingTimeInterval(29)) == .open)
        #expect(breaker.position(at: Self.moment.addingTimeInterval(30)) == .probing)
        breaker.rest(until: Self.moment.addingTimeInterval(9000), at: Self.moment)
        #expect(breaker.position(at: Self.moment.addingTimeInterval(120)) == .probing)
    }

    @Test func `a campaign leaves room for what is more pressing, and a limit of one stays one`() {
        #expect(Pace.room(20, used: 14, share: SendingLane.campaign.share) == 0)
        #expect(Pace.room(20, used: 14, share: SendingLane.transactional.share) == 4)
        #expect(Pace.room(20, used: 14, share: SendingLane.emergency.share) == 6)
        #expect(Pace.room(1, used: 0, share: 0.7) == 1)
        #expect(Pace.room(1, used: 1, share: 1) == 0)
    }

    @Test func `windows of a digest follow each other without a gap`() {
        let rule = DigestRule(key: "incident", window: 3600)
        let number = rule.number(at: Self.moment)
        let end = rule.end(of: number)
        #expect(end > Self.moment && end <= Self.moment.addingTimeInterval(3600))
        #expect(rule.number(at: end.addingTimeInterval(-0.001)) == number)
        #expect(rule.number(at: end) == number + 1)
    }

    @Test func `a digest names each heading once and is never too long`() {
        #expect(DigestText.body(["甲", "乙", "甲"], longest: 500) == "甲 ×2\n乙\n详情见收件箱。See your inbox.")
        let many = (0..<100).map { "第\($0)条消息" }
        #expect(DigestText.body(many, longest: 70).count <= 70)
    }
}
