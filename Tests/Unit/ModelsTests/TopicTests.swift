import Models
import Testing

/// Topics, their names and their lanes.
struct TopicTests {
    /// Worked out by hand from the definition of FNV-1a.
    ///
    /// These numbers are stored in every installation's outbox and watermarks: a change here is a loss of order there.
    @Test(arguments: [
        ("", 9), ("a", 16), ("532923", 12), ("532923100", 18), ("532923100001", 6), ("532923100002", 7),
        ("532923100001001", 15), ("53292310000100101", 0), ("11532923MB0000019D", 15), ("PO-0001", 2), ("祥城镇", 4),
        ("018f3d2a-7c00-7000-8000-000000000001", 12), ("018f3d2a-7c00-7abc-9def-0123456789ab", 5),
    ])
    func `the lane of a key never changes`(key: String, lane: Int) {
        for topic in Topic.all { #expect(topic.lane(ofKey: key) == lane, "\(topic.name)") }
    }

    /// A topic's row here may never change; new topics get new rows.
    @Test func `names and lanes of topics are fixed for ever`() {
        let rows = Topic.all.map { "\($0.name) \($0.lanes)" }
        #expect(
            rows == [
                "grid-operations.division.v1 24", "grid-operations.grid.v1 24", "grid-operations.incident.v1 24",
                "grid-operations.station.v1 24", "grid-operations.facility.v1 24", "grid-operations.room.v1 24",
                "grid-operations.booking.v1 24", "grid-operations.contact.v1 24",
                "talent-registry.party-organisation.v1 24", "talent-registry.talent.v1 24",
                "community-pairing.unit.v1 24", "community-pairing.pairing.v1 24",
            ])
    }

    @Test func `keys are spread evenly over the lanes`() {
        var counts = [Int](repeating: 0, count: Topic.incident.lanes)
        for index in 0..<24_000 { counts[Topic.incident.lane(ofKey: "532923\(100_000 + index)")] += 1 }
        // A thousand on average; a spread beyond a fifth would make hot partitions.
        #expect(counts.allSatisfy { (800...1200).contains($0) }, "\(counts)")
    }

    @Test func `no topic has more partitions than lanes`() {
        for topic in Topic.all {
            #expect(topic.partitions >= 1 && topic.partitions <= topic.lanes, "\(topic.name)")
            // Otherwise partitions would hold unequal numbers of lanes.
            #expect(topic.lanes % topic.partitions == 0, "\(topic.name)")
        }
    }

    @Test func `a topic is found by its name and by no other`() {
        for topic in Topic.all { #expect(Topic.named(topic.name) == topic) }
        #expect(Topic.named(ReplayTopic.name) == nil)
        #expect(Topic.named("grid-operations.incident.v2") == nil)
        #expect(Topic.named("") == nil)
    }

    @Test func `a prefix is put before every name and taken off again`() {
        let naming = TopicNaming(prefix: "test-7.")
        for topic in Topic.all {
            #expect(naming.wireName(topic.name) == "test-7.\(topic.name)")
            #expect(naming.name(ofWire: naming.wireName(topic.name)) == topic.name)
            #expect(naming.name(ofWire: topic.name) == nil)
            #expect(TopicNaming().wireName(topic.name) == topic.name)
            #expect(TopicNaming().name(ofWire: topic.name) == topic.name)
        }
    }

    @Test func `a source names county and service`() {
        #expect(ServiceName.gridOperations.source(county: "532923") == "/tiaokuai/532923/grid-operations")
        #expect(Set(ServiceName.allCases.map { $0.source(county: "532923") }).count == ServiceName.allCases.count)
    }
}
