import Models

/// Who writes and who reads each topic, in the code of the services themselves.
enum TopicRules {
    private static let folders: [ServiceName: String] = [
        .talentRegistry: "TalentRegistry", .gridOperations: "GridOperations", .communityPairing: "CommunityPairing",
        .notifications: "Notifications", .cloudGateway: "CloudGateway",
    ]

    /// The names of topics in code, from their declarations.
    static let names: [Topic: String] = [
        .division: "division", .grid: "grid", .incident: "incident", .station: "station", .facility: "facility",
        .room: "room", .booking: "booking", .contact: "contact", .partyOrganisation: "partyOrganisation",
        .talent: "talent", .unit: "unit",
        .pairing: "pairing",
    ]

    /// Every topic is written by its service, with news and with statements of the present.
    static func producers(_ tree: SourceTree) -> [String] {
        Topic.all.flatMap { topic -> [String] in
            let folder = folders[topic.service] ?? "?"
            let words = tree.swift(under: "Services/\(folder)").reduce(into: Set<Substring>()) {
                $0.formUnion($1.words)
            }
            let events = EventCatalogue.all.filter { $0.topic == topic }.map { $0.name }
            let hasNews = events.contains { !$0.hasSuffix("Stated") && words.contains(Substring($0)) }
            let hasStatements = events.contains { $0.hasSuffix("Stated") && words.contains(Substring($0)) }
            return (hasNews ? [] : ["\(topic.name): \(folder) writes no news"])
                + (hasStatements ? [] : ["\(topic.name): \(folder) does not state its present"])
        }
    }

    /// Every topic is read by the services that the catalogue names, and by no other.
    static func readers(_ tree: SourceTree) -> [String] {
        Topic.all.flatMap { topic -> [String] in
            let name = names[topic] ?? "?"
            return ServiceName.allCases.compactMap { service -> String? in
                let folder = folders[service] ?? "?"
                let isReader = tree.swift(under: "Services/\(folder)/Events").contains { file in
                    file.codeLines.contains { line in
                        line.contains("topics")
                            && (line.contains("Topic.all") || line.contains(".\(name)]")
                                || line.contains(".\(name),") || line.contains(".\(name) "))
                    }
                }
                let isNamed = EventCatalogue.readers[topic]?.contains(service) == true
                return isReader == isNamed ? nil : "\(topic.name): \(folder) \(isNamed ? "does not read" : "reads") it"
            }
        }
    }

    /// An event is only made by the service that owns its topic.
    static func foreignEvents(_ tree: SourceTree) -> [String] {
        EventCatalogue.all.flatMap { event -> [String] in
            let home = folders[event.topic.service] ?? "?"
            let call = "OutgoingEvent("
            return tree.swift(under: "Services").filter { $0.parts[1] != home }.flatMap { file in
                file.codeLines.filter { $0.contains(call) && $0.contains(event.name + "(") }
                    .map { "\(file.path): makes \(event.name): \($0.trimmingPrefix(while: \.isWhitespace))" }
            }
        }
    }
}
