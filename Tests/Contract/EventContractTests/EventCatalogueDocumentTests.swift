import Foundation
import Models
import Testing

/// `EventCatalogue.md` against the code, the samples and the comments of the code.
struct EventCatalogueDocumentTests {
    /// The first paragraph of the comment of every event in `Shared/Models/Events`: when it happens.
    private func comments() throws -> [String: String] {
        let folder = Contract.root.appendingPathComponent("Shared/Models/Events")
        var comments: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        where file.pathExtension == "swift" {
            var comment: [Substring] = []
            for line in try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            {
                if line.hasPrefix("///") {
                    comment.append(line.dropFirst(3))
                } else if let match = line.firstMatch(of: /^package struct (\w+): (?:\w+Event|EventPayload) \{/) {
                    let paragraph = comment.prefix { !$0.allSatisfy(\.isWhitespace) }
                    comments[String(match.1)] = paragraph.map { $0.trimmingCharacters(in: .whitespaces) }
                        .joined(separator: " ")
                } else {
                    comment = []
                }
            }
        }
        return comments
    }

    /// The field that holds the record's key, found by its value.
    private func keyPath(of event: any EventPayload.Type) throws -> String {
        let sample = try JSONValue(json: Contract.sample(of: event))
        let id = JSONValue.string(try Contract.payload(of: event).aggregateID)
        let paths = (sample.object ?? [:]).flatMap { field, facts in
            (facts.object ?? [:]).filter { $0.value == id }.keys.map { "\(field).\($0)" }
        }
        #expect(paths.count == 1, "\(event.name): \(paths)")
        return paths.first ?? "?"
    }

    @Test func `the table has a line for each event, as the code has it`() throws {
        let text = try String(
            contentsOf: Contract.root.appendingPathComponent("Shared/Docs/EventCatalogue.md"), encoding: .utf8)
        let comments = try comments()
        var expected = ["| event | type | topic | key | producer | readers | when |", "|---|---|---|---|---|---|---|"]
        for event in EventCatalogue.all {
            let readers = try #require(EventCatalogue.readers[event.topic]).map(\.rawValue).joined(separator: ", ")
            let when = try #require(comments[event.name], "\(event.name) has no comment that says when")
            expected.append(
                "| \(event.name) | `\(event.type)` | `\(event.topic.name)` | `\(try keyPath(of: event))` | "
                    + "\(event.topic.service.rawValue) | \(readers) | \(when) |")
        }
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("|") }.map(String.init)
        for (line, wanted) in zip(lines, expected) { #expect(line == wanted) }
        #expect(lines.count == expected.count)
        #expect(text.contains("`\(ReplayTopic.name)`"))
    }

    @Test func `the summaries in the AsyncAPI document are the comments of the code`() throws {
        let contract = try Contract()
        let comments = try comments()
        #expect(comments.keys.sorted() == EventCatalogue.all.map { $0.name }.sorted())
        for event in EventCatalogue.all {
            let summary = contract.document["components"]?["messages"]?[event.name]?["summary"]?.string
            #expect(summary?.trimmingCharacters(in: .whitespacesAndNewlines) == comments[event.name])
        }
    }
}
