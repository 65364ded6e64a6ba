import Foundation
import Kafka
import Messaging
import Models
import Testing

/// `asyncapi.yaml` against the code: neither says what the other does not.
struct AsyncAPITests {
    private let contract: Contract

    init() throws { contract = try Contract() }

    private var messages: [String: JSONValue] { contract.document["components"]?["messages"]?.object ?? [:] }
    private var schemas: [String: JSONValue] { contract.document["components"]?["schemas"]?.object ?? [:] }

    @Test func `the document is AsyncAPI 3 with the parts that it needs`() {
        #expect(contract.document["asyncapi"] == .string("3.0.0"))
        #expect(contract.document["info"]?["title"]?.string?.isEmpty == false)
        #expect(contract.document["info"]?["version"]?.string?.isEmpty == false)
        let allowed: Set<String> = [
            "asyncapi", "id", "info", "servers", "defaultContentType", "channels", "operations", "components",
        ]
        #expect(contract.document.keys.isSubset(of: allowed))
    }

    @Test func `every reference leads somewhere`() {
        var checked = 0
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.string {
                checked += 1
                #expect(contract.validator.resolve(reference) != nil, "\(reference)")
            }
            for child in value.children { walk(child) }
        }
        walk(contract.document)
        #expect(checked > 100)
    }

    @Test func `channels are the topics, with their partitions and lanes`() throws {
        let channels = try #require(contract.document["channels"]?.object)
        #expect(
            Set(channels.values.compactMap { $0["address"]?.string }) == Set(Topic.all.map(\.name) + [ReplayTopic.name])
        )
        for topic in Topic.all {
            let channel = try contract.channel(of: topic.name).value
            let binding = channel["bindings"]?["kafka"]
            #expect(binding?["topic"] == .string(topic.name))
            #expect(binding?["partitions"] == .integer(Int64(topic.partitions)), "\(topic.name)")
            #expect(channel["x-lanes"] == .integer(Int64(topic.lanes)), "\(topic.name)")
        }
        let replay = try contract.channel(of: ReplayTopic.name).value
        #expect(replay["bindings"]?["kafka"]?["partitions"] == .integer(Int64(ReplayTopic.partitions)))
        #expect(Contract.messages(replay["messages"], referring: "#/components/messages/") == ["ReplayMessage"])
    }

    @Test func `a channel's messages are the events of its topic and the heads of its lanes`() throws {
        for topic in Topic.all {
            let channel = try contract.channel(of: topic.name).value
            let events = EventCatalogue.all.filter { $0.topic == topic }.map { $0.name }
            #expect(
                Contract.messages(channel["messages"], referring: "#/components/messages/")
                    == (events + ["LaneHeads"]).sorted(), "\(topic.name)")
        }
    }

    @Test func `each topic has its one writer and its readers, and an operation has all of its channel's messages`()
        throws
    {
        var counted = 0
        for topic in Topic.all {
            let channel = try contract.channel(of: topic.name)
            let operations = try contract.operations(on: channel.id)
            let readers = try #require(EventCatalogue.readers[topic])
            let expected = ["send \(topic.service.rawValue)"] + readers.map { "receive \($0.rawValue)" }
            #expect(operations.map(\.who).sorted() == expected.sorted(), "\(topic.name)")
            let all = try #require(channel.value["messages"]?.object).keys.sorted()
            for (who, operation) in operations {
                #expect(
                    Contract.messages(operation["messages"], referring: "#/channels/\(channel.id)/messages/") == all,
                    "\(who) \(topic.name)")
                let group = operation["bindings"]?["kafka"]?["groupId"]?["enum"]?.texts
                #expect(group == (who.hasPrefix("receive ") ? [String(who.dropFirst(8))] : nil), "\(who)")
            }
            counted += operations.count
        }
        let replay = try contract.operations(on: contract.channel(of: ReplayTopic.name).id)
        let services = ServiceName.allCases.flatMap { ["send \($0.rawValue)", "receive \($0.rawValue)"] }
        #expect(replay.map(\.who).sorted() == services.sorted())
        for (who, operation) in replay where who.hasPrefix("receive ") {
            let group = operation["bindings"]?["kafka"]?["groupId"]?["enum"]?.texts
            #expect(group == [who.dropFirst(8) + ".replay"])
        }
        #expect(try #require(contract.document["operations"]?.object).count == counted + replay.count)
    }

    @Test func `messages are the catalogue, each with its type, its payload and its key`() throws {
        let expected = EventCatalogue.all.map { $0.name } + ["LaneHeads", "ReplayMessage"]
        #expect(messages.keys.sorted() == expected.sorted())
        for event in EventCatalogue.all {
            let message = try #require(messages[event.name])
            #expect(message["name"] == .string(event.type))
            #expect(message["payload"] == .object(["$ref": .string("#/components/schemas/\(event.name)")]))
            #expect(message["contentType"] == .string("application/json"))
            let key = message["bindings"]?["kafka"]?["key"]
            #expect(key?["type"] == .string("string"))
            let path = try #require(key?["description"]?.string).split(separator: ".")
            let sample = try JSONValue(json: Contract.sample(of: event))
            let value = path.reduce(sample as JSONValue?) { $0?[String($1)] }
            #expect(value == .string(try Contract.payload(of: event).aggregateID), "\(event.name)")
        }
        #expect(messages["LaneHeads"]?["name"] == .string(LaneHeadsRecord.type))
    }

    @Test func `bindings are of version 0_4_0 and hold only what that defines`() {
        let allowed: Set<String> = [
            "topic", "partitions", "replicas", "topicConfiguration", "groupId", "clientId", "key", "bindingVersion",
        ]
        var checked = 0
        func walk(_ value: JSONValue) {
            if let binding = value["bindings"]?["kafka"] {
                checked += 1
                #expect(binding["bindingVersion"] == .string("0.4.0"))
                #expect(binding.keys.isSubset(of: allowed))
            }
            for child in value.children { walk(child) }
        }
        walk(contract.document)
        #expect(checked >= Topic.all.count + EventCatalogue.all.count)
    }

    @Test func `the headers that the codec writes are the headers of the document`() throws {
        for event in EventCatalogue.all {
            let outgoing = try outgoing(Contract.payload(of: event))
            let envelope = EventEnvelope(
                id: outgoing.id, source: event.topic.service.source(county: "532923"), type: outgoing.type,
                time: outgoing.occurredAt, key: outgoing.key, divisionCode: "532923100001",
                traceparent: outgoing.traceparent, lane: outgoing.lane, number: 7, data: outgoing.data)
            let record = CloudEventCodec.record(envelope, wireTopic: event.topic.name, partition: 0)
            try check(record, against: "EventHeaders", message: event.name)
        }
        let heads = try LaneHeadsRecord(source: ServiceName.gridOperations.source(county: "532923"), heads: [3: 12])
            .record(wireTopic: Topic.grid.name, partition: 0, at: Date(timeIntervalSince1970: 1_619_855_400))
        try check(heads, against: "LaneHeadsHeaders", message: "LaneHeads")
    }

    private func outgoing(_ payload: some EventPayload) throws -> OutgoingEvent {
        try OutgoingEvent(
            payload, occurredAt: Date(timeIntervalSince1970: 1_619_855_400),
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    }

    private func check(_ record: KafkaOutgoingRecord, against headersName: String, message name: String) throws {
        let headers = JSONValue.object(
            Dictionary(
                uniqueKeysWithValues: record.headers.map {
                    ($0.name, JSONValue.string(String(decoding: $0.value, as: UTF8.self)))
                }))
        let message = try #require(messages[name])
        #expect(contract.validator.faults(of: headers, against: try #require(message["headers"])) == [], "\(name)")
        #expect(
            try #require(schemas[headersName]?["properties"]?.object).keys.sorted()
                == headers.object?.keys.sorted(), "\(name)")
        let value = try JSONValue(json: record.value ?? [])
        #expect(contract.validator.faults(of: value, against: try #require(message["payload"])) == [], "\(name)")
    }

    @Test func `lists of values are the cases of the code`() {
        func check<Value: RawRepresentable & CaseIterable>(_ type: Value.Type) where Value.RawValue == String {
            let listed = schemas["\(type)"]?["enum"]?.texts
            #expect(listed == type.allCases.map(\.rawValue), "\(type)")
        }
        check(DivisionLevel.self)
        check(CommunityKind.self)
        check(GridLevel.self)
        check(GridRole.self)
        check(GridFunction.self)
        check(IncidentSource.self)
        check(IncidentUrgency.self)
        check(IncidentState.self)
        check(IncidentClockKind.self)
        check(WhistleKind.self)
        check(StationKind.self)
        check(StationFunction.self)
        check(StationState.self)
        check(Tenure.self)
        check(ProvisionWay.self)
        check(RoomKind.self)
        check(RoomAudience.self)
        check(BookingState.self)
        check(PartyOrganisationKind.self)
        check(UnitKind.self)
        #expect(schemas.values.filter { $0["enum"] != nil }.count == 20)
    }

    @Test func `the fields of a schema are the fields of the code, and what is optional there is not required here`()
        throws
    {
        for event in EventCatalogue.all {
            let wrapper = Mirror(reflecting: try Contract.payload(of: event))
            let schema = try #require(schemas[event.name])
            #expect(schema["properties"]?.keys == Set(wrapper.children.compactMap(\.label)), "\(event.name)")
            #expect(Set(schema["required"]?.texts ?? []) == schema["properties"]?.keys, "\(event.name)")
            for facts in wrapper.children {
                let reference = try #require(schema["properties"]?[facts.label ?? ""]?["$ref"]?.string)
                #expect(reference == "#/components/schemas/\(type(of: facts.value))")
                let properties = try #require(contract.validator.resolve(reference))
                let fields = Mirror(reflecting: facts.value).children
                #expect(
                    properties["properties"]?.object?.keys.sorted() == fields.compactMap(\.label).sorted(),
                    "\(event.name)")
                let needed = fields.filter { Mirror(reflecting: $0.value).displayStyle != .optional }
                    .compactMap(\.label)
                #expect(properties["required"]?.texts.sorted() == needed.sorted(), "\(event.name)")
                #expect(properties["additionalProperties"] == .bool(true), "readers must take what is added later")
            }
        }
    }
}
