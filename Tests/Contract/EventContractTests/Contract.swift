import Foundation
import Messaging
import Models
import Testing
import Yams

/// The documents that the suite publishes about its events, and the code that they are held against.
struct Contract {
    /// `asyncapi.yaml`.
    let document: JSONValue
    /// Checks values against the document's schemas.
    let validator: SchemaValidator

    /// Reads the documents.
    init() throws {
        let text = try String(
            contentsOf: Self.root.appendingPathComponent("Shared/Docs/asyncapi.yaml"), encoding: .utf8)
        document = try JSONValue(yaml: try Yams.load(yaml: text))
        validator = SchemaValidator(document: document)
    }

    /// The top of the repository: links on the way here are followed, so that the tests also run from a copy of links.
    static let root: URL = {
        var url = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }()

    /// The files of samples, by name without `.json`.
    static func samples() throws -> [String: [UInt8]] {
        let folder = try #require(Bundle.module.url(forResource: "Samples", withExtension: nil))
        var samples: [String: [UInt8]] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "json" {
            samples[file.deletingPathExtension().lastPathComponent] = Array(try Data(contentsOf: file))
        }
        return samples
    }

    /// The sample of an event.
    static func sample(of event: any EventPayload.Type) throws -> [UInt8] {
        try #require(samples()["\(event.name).v\(event.topic.version)"], "no sample of \(event.name)")
    }

    /// The sample of an event as the value that it stands for.
    static func payload(of event: any EventPayload.Type) throws -> any EventPayload {
        try EventCoding.decode(event, from: sample(of: event))
    }

    /// The channel of a topic with its name in the document.
    func channel(of topic: String) throws -> (id: String, value: JSONValue) {
        let channels = try #require(document["channels"]?.object)
        let found = channels.filter { $0.value["address"]?.string == topic }
        #expect(found.count == 1, "\(topic) has \(found.count) channels")
        let first = try #require(found.first)
        return (first.key, first.value)
    }

    /// The operations on a channel, as `action service`.
    func operations(on channel: String) throws -> [(who: String, value: JSONValue)] {
        try #require(document["operations"]?.object).values
            .filter { $0["channel"] == .object(["$ref": .string("#/channels/\(channel)")]) }
            .map { operation in
                let action = operation["action"]?.string ?? "?"
                let services = operation["tags"]?.array?.compactMap { $0["name"]?.string } ?? []
                return ("\(action) \(services.joined(separator: "+"))", operation)
            }
    }

    /// The names of a channel's or an operation's messages, each of which must be a reference of the given form.
    static func messages(_ value: JSONValue?, referring prefix: String) -> [String] {
        let references: [(name: String?, target: JSONValue)] =
            value?.object?.map { ($0.key, $0.value) } ?? value?.array?.map { (nil, $0) } ?? []
        return references.map { name, target in
            guard let reference = target.object?["$ref"]?.string, target.object?.count == 1,
                reference.hasPrefix(prefix), name.map({ prefix + $0 == reference }) ?? true
            else { return "not a reference: \(target)" }
            return String(reference.dropFirst(prefix.count))
        }.sorted()
    }
}
