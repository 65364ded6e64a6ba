import Foundation
import Models
import NotificationsService
import Synchronization
import Testing

@Suite struct TellNewsTests {
    private let moment = Date(timeIntervalSince1970: 1_700_000_000)

    private func news(isHistorical: Bool) throws -> News {
        News(
            .incidentReported,
            IncidentFacts(
                incidentID: .new(), number: "1", gridCode: try #require(GridCode("532923100001001")),
                function: .policyPublicity, urgency: .ordinary, source: .resident, state: .reported, reportedAt: moment,
                isHistorical: isHistorical),
            eventID: UUID(), occurredAt: moment)
    }

    @Test func `what came from an old sheet is counted and nobody is told`() async throws {
        let ledger = RecordingLedger()
        let fresh = try news(isHistorical: false)
        let tell = TellNews(waitMax: .seconds(3600), now: { moment })
        try await tell([try news(isHistorical: true), fresh, try news(isHistorical: true)], in: ledger)
        #expect(ledger.delivered == [fresh])
        #expect(ledger.historical == 2)
    }

    @Test func `a message waits as long as the setting says`() async throws {
        let ledger = RecordingLedger()
        let tell = TellNews(waitMax: .seconds(3600), now: { moment })
        try await tell([try news(isHistorical: false)], in: ledger)
        #expect(ledger.waitsUntil == moment.addingTimeInterval(3600))
    }

    @Test func `old sheets alone put nothing into inboxes`() async throws {
        let ledger = RecordingLedger()
        let tell = TellNews(waitMax: .seconds(3600), now: { moment })
        try await tell([try news(isHistorical: true)], in: ledger)
        #expect(ledger.waitsUntil == nil)
        #expect(ledger.historical == 1)
    }
}

/// Writes down what it is asked to do.
private final class RecordingLedger: DeliveryLedger {
    private struct State {
        var delivered: [News] = []
        var historical = 0
        var waitsUntil: Date?
    }

    private let state = Mutex(State())

    var delivered: [News] { state.withLock { $0.delivered } }
    var historical: Int { state.withLock { $0.historical } }
    var waitsUntil: Date? { state.withLock { $0.waitsUntil } }

    func keep(_ staffing: GridStaffing, at moment: Date) async throws {}

    func deliver(_ news: [News], at moment: Date, waitsUntil: Date) async throws {
        state.withLock { state in
            state.delivered += news
            state.waitsUntil = waitsUntil
        }
    }

    func deliverWaiting(in areas: Set<GridCode>, at moment: Date) async throws {}

    func forgetReporters(of incidents: [IncidentID], at moment: Date) async throws {}

    func countHistorical(_ events: Int, at moment: Date) async throws {
        state.withLock { $0.historical += events }
    }
}
