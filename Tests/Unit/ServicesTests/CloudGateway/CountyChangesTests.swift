import CloudGatewayService
import Foundation
import Messaging
import Models
import Testing

@Suite struct CountyChangesTests {
    private struct Word {
        let key: Int
        let facts: Int?
    }

    @Test(arguments: 0..<50)
    func `the last word on an aggregate counts, however events are cut into batches`(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = (0..<200).map { _ in
            Word(
                key: Int.random(in: 0..<20, using: &generator),
                facts: Bool.random(using: &generator) ? Int.random(in: 0..<1000, using: &generator) : nil)
        }
        var table: [Int: Int] = [:]
        var rest = words[...]
        while !rest.isEmpty {
            let batch = rest.prefix(Int.random(in: 1...30, using: &generator))
            rest = rest.dropFirst(batch.count)
            var latest = LatestFacts<Int, (key: Int, facts: Int)>()
            for word in batch {
                if let facts = word.facts {
                    latest.put((word.key, facts), for: word.key)
                } else {
                    latest.remove(word.key)
                }
            }
            for row in latest.present { table[row.key] = row.facts }
            for key in latest.gone { table[key] = nil }
        }
        var wanted: [Int: Int] = [:]
        for word in words { wanted[word.key] = word.facts }
        #expect(table == wanted)
    }

    @Test func `member counts of an older day do not replace newer ones`() throws {
        var changes = CountyChanges()
        changes.note(try memberCount(day: "2021-07-31", total: 20))
        changes.note(try memberCount(day: "2021-06-30", total: 18))
        #expect(changes.memberCounts.present.map(\.total) == [20])
        changes.note(try memberCount(day: "2021-07-31", total: 21))
        #expect(changes.memberCounts.present.map(\.total) == [21])
    }

    @Test func `the gateway reads every event of the suite but contacts`() {
        // But for contacts, which are notifications' alone.
        #expect(CountyEvents.types == Set(EventCatalogue.all.filter { $0.topic != .contact }.map { $0.type }))
    }

    @Test func `an assignment that began and ended in one batch is gone, one that began again is there`() throws {
        let grid = try #require(GridCode("53292310000100101"))
        let ended = GridAssignmentFacts(assignmentID: .new(), gridCode: grid, role: .volunteer, personID: .new())
        let renewed = GridAssignmentFacts(assignmentID: .new(), gridCode: grid, role: .volunteer, personID: .new())
        let changes = try CountyEvents.changes(of: [
            received(GridStaffed(assignment: ended)), received(GridStaffed(assignment: renewed)),
            received(GridAssignmentEnded(assignment: ended)), received(GridAssignmentEnded(assignment: renewed)),
            received(GridStaffed(assignment: renewed)),
        ])
        #expect(changes.gridAssignments.present == [renewed])
        #expect(changes.gridAssignments.gone == [ended.assignmentID])
    }

    @Test func `data that is not the event's is an error, so that the event can be parked`() throws {
        let division = try #require(DivisionCode("532923"))
        let event = try received(
            DivisionRegistered(division: DivisionFacts(code: division, name: "祥云县", level: .county)))
        var envelope = event.envelope
        envelope.data = Array(#"{"division":{"code":"53"}}"#.utf8)
        let broken = ReceivedEvent(envelope: envelope, topic: event.topic)
        #expect(throws: DecodingError.self) { try CountyEvents.changes(of: [broken]) }
    }

    private func memberCount(day: String, total: Int) throws -> MemberCountFacts {
        MemberCountFacts(
            organisationCode: "532923100001-01", divisionCode: try #require(DivisionCode("532923100001")),
            asOf: try #require(CalendarDay(day)), total: total, retired: 0, twoNew: 0, age35OrLess: 0, age60OrMore: 0,
            collegeOrAbove: 0)
    }

    private func received(_ payload: some EventPayload) throws -> ReceivedEvent {
        let event = try OutgoingEvent(payload, occurredAt: Date(timeIntervalSince1970: 0))
        return ReceivedEvent(
            envelope: EventEnvelope(
                id: event.id, source: "/tiaokuai/532923/test", type: event.type, time: event.occurredAt, key: event.key,
                divisionCode: event.divisionCode, traceparent: nil, lane: event.lane, number: 1, data: event.data),
            topic: event.topic)
    }
}

/// Repeatable randomness (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
