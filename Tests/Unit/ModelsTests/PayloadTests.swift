import Foundation
import Models
import Testing

/// How payloads travel, and the catalogue of all of them.
struct PayloadTests {
    private func decode<Payload: EventPayload>(_ type: Payload.Type, _ json: String) throws -> Payload {
        try EventCoding.decode(type, from: Array(json.utf8))
    }

    private let pairing = """
        {"from":"2021-05-01","pairingID":"018f3d2a-7c00-7abc-9def-0123456789ab","targetCode":"532923100001",\
        "to":"2022-04-30","unitCode":"11532923MB0000019D"}
        """

    @Test func `the same payload always gives the same bytes`() throws {
        let event = try decode(PairingActivated.self, "{\"pairing\":\(pairing)}")
        let bytes = try EventCoding.encode(event)
        #expect(String(decoding: bytes, as: UTF8.self) == "{\"pairing\":\(pairing)}")
        for _ in 0..<20 { #expect(try EventCoding.encode(event) == bytes) }
    }

    @Test func `unknown fields of a later release are ignored at every depth`() throws {
        let plain = try decode(
            DivisionRegistered.self, #"{"division":{"code":"532923","name":"祥云县","level":"county"}}"#)
        let later = try decode(
            DivisionRegistered.self,
            """
            {"division":{"code":"532923","name":"祥云县","level":"county","area":{"squareMetres":1}},"since":[1,null]}
            """)
        #expect(later == plain)
        #expect(later.division.households == nil)
    }

    @Test(arguments: [
        "", "null", "[]", "{", "{}", #"{"division":null}"#, #"{"division":{"code":"532923","name":"祥云县"}}"#,
        #"{"division":{"code":"53292","name":"祥云县","level":"county"}}"#,
        #"{"division":{"code":532923,"name":"祥云县","level":"county"}}"#,
        #"{"division":{"code":"532923","name":"祥云县","level":"galaxy"}}"#,
        #"{"division":{"code":"532923","name":"祥云县","level":"county","households":"many"}}"#,
    ])
    func `data that is not the payload is a decoding error`(json: String) {
        #expect(throws: DecodingError.self) { try decode(DivisionRegistered.self, json) }
    }

    @Test func `times travel in UTC with milliseconds and are read with any offset`() throws {
        let incident = { (time: String) in
            """
            {"incident":{"function":"disputeMediation","gridCode":"53292310000100101",\
            "incidentID":"018f3d2a-7c00-7abc-9def-0123456789ab","isHistorical":false,"number":"532923100001202105010001",\
            "reportedAt":"\(time)","source":"resident","state":"reported","urgency":"ordinary"}}
            """
        }
        let event = try decode(IncidentReported.self, incident("2021-05-01T15:50:00+08:00"))
        #expect(
            String(decoding: try EventCoding.encode(event), as: UTF8.self) == incident("2021-05-01T07:50:00.000Z"))
        #expect(throws: DecodingError.self) { try decode(IncidentReported.self, incident("yesterday")) }
    }

    @Test func `names of events and types are unique and well formed`() throws {
        let names = EventCatalogue.all.map { $0.name }
        let types = EventCatalogue.all.map { $0.type }
        #expect(Set(names).count == names.count)
        #expect(Set(types).count == types.count)
        for event in EventCatalogue.all {
            #expect("\(event)" == event.name)
            #expect(event.type == "cn.tiaokuai.\(event.topic.service.rawValue).\(event.name).v\(event.topic.version)")
            #expect(EventCatalogue.named(event.type).map { $0.name } == event.name)
        }
        #expect(EventCatalogue.named("cn.tiaokuai.grid-operations.IncidentReported.v2") == nil)
        #expect(EventCatalogue.named("IncidentReported") == nil)
    }

    @Test func `every topic carries events, states its present and has readers that are not its writer`() throws {
        #expect(Set(EventCatalogue.all.map { $0.topic }) == Set(Topic.all))
        #expect(Set(EventCatalogue.readers.keys) == Set(Topic.all))
        for topic in Topic.all {
            let stated = EventCatalogue.all.filter { $0.topic == topic && $0.name.hasSuffix("Stated") }
            #expect(!stated.isEmpty, "\(topic.name)")
            let readers = try #require(EventCatalogue.readers[topic])
            #expect(!readers.isEmpty && Set(readers).count == readers.count, "\(topic.name)")
            #expect(!readers.contains(topic.service), "\(topic.name)")
        }
    }

    @Test func `the events of one aggregate share a key and so a lane`() throws {
        let activated = try decode(
            GridActivated.self, #"{"grid":{"code":"53292310000100101","level":"group"}}"#)
        let staffed = try decode(
            GridStaffed.self,
            """
            {"assignment":{"assignmentID":"018f3d2a-7c00-7abc-9def-0123456789ab","gridCode":"53292310000100101",
             "role":"volunteer","teamCode":"V1"}}
            """)
        #expect(activated.aggregateID == staffed.aggregateID)
        #expect(GridActivated.topic == GridStaffed.topic)
        #expect(activated.divisionCode?.digits == "532923100001")
        #expect(staffed.divisionCode == activated.divisionCode)
    }
}
