import Foundation
import Messaging
import Models
import Testing

/// Committed examples of every event: what was once sent can be read for ever.
struct SampleTests {
    private let contract: Contract

    init() throws { contract = try Contract() }

    @Test func `there is one sample for each event and each control record, and no other`() throws {
        let expected =
            EventCatalogue.all.map { "\($0.name).v\($0.topic.version)" } + ["LaneHeads.v1", "ReplayMessage.v1"]
        #expect(try Contract.samples().keys.sorted() == expected.sorted())
    }

    @Test func `every sample decodes and is written again as the same JSON`() throws {
        for event in EventCatalogue.all {
            let sample = try Contract.sample(of: event)
            let again = try EventCoding.encode(EventCoding.decode(event, from: sample))
            #expect(try JSONValue(json: again) == JSONValue(json: sample), "\(event.name)")
        }
        let samples = try Contract.samples()
        let heads = try #require(samples["LaneHeads.v1"])
        let headsAgain = try EventCoding.encode(EventCoding.decode(LaneHeadsRecord.self, from: heads))
        #expect(try JSONValue(json: headsAgain) == JSONValue(json: heads))
        let replay = try #require(samples["ReplayMessage.v1"])
        let replayAgain = try EventCoding.encode(EventCoding.decode(ReplayMessage.self, from: replay))
        #expect(try JSONValue(json: replayAgain) == JSONValue(json: replay))
    }

    @Test func `every sample is as its schema says`() throws {
        let schemas = try #require(contract.document["components"]?["schemas"])
        for (name, sample) in try Contract.samples() {
            let schema = try #require(schemas[String(name.prefix { $0 != "." })], "\(name)")
            #expect(contract.validator.faults(of: try JSONValue(json: sample), against: schema) == [], "\(name)")
        }
    }

    @Test func `the samples together show every field of every schema`() throws {
        var shown: [String: Set<String>] = [:]
        for event in EventCatalogue.all {
            for (field, facts) in try #require(JSONValue(json: Contract.sample(of: event)).object) {
                let schema = try #require(
                    contract.document["components"]?["schemas"]?[event.name]?["properties"]?[field]?["$ref"]?.string)
                shown[schema, default: []].formUnion(try #require(facts.object).keys)
            }
        }
        for (schema, fields) in shown {
            let properties = try #require(contract.validator.resolve(schema)?["properties"]?.object)
            #expect(fields == Set(properties.keys), "\(schema)")
        }
        #expect(shown.count == 18)
    }

    @Test func `a sample with fields of a later release decodes to the same event and is still as its schema says`()
        throws
    {
        func check<Payload: EventPayload>(_ type: Payload.Type, _ sample: [UInt8]) throws {
            let later = try JSONValue(json: sample).withUnknownMembers
            let bytes = Array(try JSONEncoder().encode(later))
            #expect(try EventCoding.decode(type, from: bytes) == EventCoding.decode(type, from: sample), "\(type)")
            let schema = try #require(contract.document["components"]?["schemas"]?["\(type)"])
            #expect(contract.validator.faults(of: later, against: schema) == [], "\(type)")
        }
        for event in EventCatalogue.all { try check(event, Contract.sample(of: event)) }
    }

    @Test func `a sample without a needed field is no event, in the code and in the schema`() throws {
        for event in EventCatalogue.all {
            let sample = try JSONValue(json: Contract.sample(of: event))
            let schema = try #require(contract.document["components"]?["schemas"]?[event.name])
            for (field, value) in try #require(sample.object) {
                let facts = try #require(value.object)
                let reference = try #require(schema["properties"]?[field]?["$ref"]?.string)
                let needed = try #require(contract.validator.resolve(reference)?["required"]?.texts)
                for name in facts.keys {
                    var rest = facts
                    rest[name] = nil
                    var members = try #require(sample.object)
                    members[field] = .object(rest)
                    let broken = JSONValue.object(members)
                    let isNeeded = needed.contains(name)
                    let faults = contract.validator.faults(of: broken, against: schema)
                    #expect(!faults.isEmpty == isNeeded, "\(event.name) \(name)")
                    let bytes = Array(try JSONEncoder().encode(broken))
                    // Whether it decodes is the answer; the error itself is of no interest.
                    let isEvent = (try? EventCoding.decode(event, from: bytes) as any EventPayload) != nil
                    #expect(isEvent != isNeeded, "\(event.name) \(name)")
                }
            }
        }
    }

    /// Words that a field's name may not have; a division's name is the one `name`, and ids say nothing of a person.
    private static let personalWords: Set<String> = [
        "name", "person", "people", "reporter", "phone", "mobile", "telephone", "identity", "citizen", "email", "mail",
        "address", "birth", "birthday", "gender", "sex", "ethnicity", "nation", "religion", "health", "photo",
        "contact",
        "text", "title", "description", "remark", "note", "comment", "reason", "surname", "longitude", "latitude",
    ]

    /// Ids that name a person without saying who, the names of places, and how somebody is reached as ciphertexts.
    private static let allowedFields: Set<String> = ["personID", "reporterID", "contact"]

    @Test func `no field of an event smells of personal data`() throws {
        let schemas = try #require(contract.document["components"]?["schemas"]?.object)
        var fields: Set<String> = []
        for (name, schema) in schemas where !name.hasSuffix("Headers") {
            for field in schema["properties"]?.keys ?? [] where (name, field) != ("DivisionFacts", "name") {
                fields.insert(field)
            }
        }
        for (name, sample) in try Contract.samples() where !name.hasPrefix("Division") {
            fields.formUnion(try JSONValue(json: sample).names)
        }
        #expect(fields.count > 40)
        for field in fields.subtracting(Self.allowedFields) {
            #expect(Self.words(field).isDisjoint(with: Self.personalWords), "\(field)")
        }
    }

    @Test func `no value of a sample is a mobile or an identity number`() throws {
        for (name, sample) in try Contract.samples() {
            for text in try JSONValue(json: sample).strings {
                #expect(MobileNumber.check(text) == nil, "\(name)")
                #expect(throws: CitizenIdentityNumber.Fault.self, "\(name)") { try CitizenIdentityNumber.check(text) }
            }
        }
    }

    /// The words of a name in camel case.
    private static func words(_ name: String) -> Set<String> {
        var words: [String] = [""]
        var wasLower = false
        for character in name {
            if character.isUppercase, wasLower { words.append("") }
            words[words.count - 1] += character.lowercased()
            wasLower = !character.isUppercase
        }
        return Set(words)
    }
}
