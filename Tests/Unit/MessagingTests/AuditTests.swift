import Messaging
import Models
import Testing

/// The audit as a pure joining of what services say.
struct AuditTests {
    private let source = "/tiaokuai/532923/grid-operations"

    /// Figures come as JSON from the services, so that is how they are made here.
    private func figures(_ json: String) throws -> AuditFigures {
        try EventCoding.decode(AuditFigures.self, from: Array(json.utf8))
    }

    private func producer(
        _ heads: [Int64], pending: Int64 = 0, topic: Topic = .incident, county: String = "532923"
    ) throws -> AuditFigures {
        let produced = heads.enumerated().map { lane, head in
            #"{"topic":"\#(topic.name)","lane":\#(lane),"head":\#(head)}"#
        }
        return try figures(
            """
            {"source":"/tiaokuai/\(county)/grid-operations","pending":\(pending),"unreadable":0,"subscriptions":[],"read":[],
             "produced":[\(produced.joined(separator: ","))]}
            """)
    }

    private func reader(
        _ read: [String], consumer: String = "notifications", unreadable: Int64 = 0
    ) throws -> AuditFigures {
        try figures(
            """
            {"source":"/tiaokuai/532923/\(consumer)","pending":0,"unreadable":\(unreadable),"produced":[],
             "subscriptions":[{"consumer":"\(consumer)","topic":"\(Topic.incident.name)"}],
             "read":[\(read.joined(separator: ","))]}
            """)
    }

    private func read(
        lane: Int = 0, base: Int64 = 0, watermark: Int64, applied: Int64, parked: Int64 = 0, skipped: Int64 = 0,
        consumer: String = "notifications"
    ) -> String {
        """
        {"consumer":"\(consumer)","source":"\(source)","topic":"\(Topic.incident.name)","lane":\(lane),"base":\(base),
         "watermark":\(watermark),"applied":\(applied),"parked":\(parked),"skipped":\(skipped),"duplicates":3}
        """
    }

    /// A line as `produced/applied/parked/skipped/missing/repeated`.
    private func summary(_ audit: Audit) -> [String] {
        audit.lines.map { line in
            [line.produced, line.applied, line.parked, line.skipped, line.missing, line.repeated]
                .map { String($0) }.joined(separator: "/")
        }
    }

    @Test func `all applied is clean, and what was delivered twice does not count`() throws {
        let audit = try Audit([
            producer([10, 5]), reader([read(watermark: 10, applied: 10), read(lane: 1, watermark: 5, applied: 5)]),
        ])
        #expect(summary(audit) == ["15/15/0/0/0/0"])
        #expect(audit.lines.map(\.source) == [source])
        #expect(audit.isClean)
    }

    @Test func `a reader that has seen nothing misses everything`() throws {
        let audit = try Audit([producer([10, 5]), reader([])])
        #expect(audit.lines.map(\.missing) == [15])
        #expect(!audit.isClean)
    }

    @Test func `a lane that is behind is missing the rest`() throws {
        let audit = try Audit([
            producer([10, 5]), reader([read(watermark: 7, applied: 7), read(lane: 1, watermark: 5, applied: 5)]),
        ])
        #expect(audit.lines.map(\.missing) == [3])
        #expect(audit.lines.map(\.applied) == [12])
    }

    @Test func `a number seen through without effect, parking or reason is missing`() throws {
        let audit = try Audit([producer([10]), reader([read(watermark: 10, applied: 8, parked: 1)])])
        #expect(audit.lines.map(\.missing) == [1])
        #expect(!audit.isClean)
    }

    @Test func `an effect too many is repeated, and no other lane's lack makes up for it`() throws {
        let audit = try Audit([
            producer([10, 10]), reader([read(watermark: 10, applied: 11), read(lane: 1, watermark: 10, applied: 9)]),
        ])
        #expect(audit.lines.map(\.repeated) == [1])
        #expect(audit.lines.map(\.missing) == [1])
        #expect(!audit.isClean)
    }

    @Test func `parked, skipped and what came before the reader are accounted for`() throws {
        let audit = try Audit([
            producer([20]), reader([read(base: 5, watermark: 20, applied: 10, parked: 3, skipped: 2)]),
        ])
        #expect(summary(audit) == ["20/10/3/7/0/0"])
        #expect(audit.isClean)
    }

    @Test func `a reader that ran on while the figures were collected is clean`() throws {
        // The heads are read first: what was sent and applied since, also on new lanes, is neither missing nor repeated.
        let audit = try Audit([
            producer([10]), reader([read(watermark: 12, applied: 12), read(lane: 7, watermark: 4, applied: 4)]),
        ])
        #expect(summary(audit) == ["10/12/0/0/0/0"])
        #expect(audit.isClean)
    }

    @Test func `what is not sent yet is pending and not clean`() throws {
        let audit = try Audit([producer([1], pending: 4), reader([read(watermark: 1, applied: 1)])])
        #expect(audit.pending == 4)
        #expect(!audit.isClean)
    }

    @Test func `each reader has a line of its own, in a fixed order`() throws {
        let readers = try ["notifications", "cloud-gateway"].map {
            try reader([read(watermark: 1, applied: 1, consumer: $0)], consumer: $0, unreadable: 2)
        }
        let audit = try Audit(readers + [producer([1])])
        #expect(audit.lines.map(\.consumer) == ["cloud-gateway", "notifications"])
        #expect(audit.unreadable == 4)
        #expect(try audit.lines == Audit([producer([1])] + readers.reversed()).lines)
    }

    @Test func `another topic or another source is another line`() throws {
        let audit = try Audit([
            producer([1]), producer([3], county: "532924"), reader([read(watermark: 1, applied: 1)]),
        ])
        #expect(audit.lines.map(\.missing) == [0, 3])
        #expect(try Audit([producer([9], topic: .unit), reader([])]).lines.isEmpty)
    }
}
