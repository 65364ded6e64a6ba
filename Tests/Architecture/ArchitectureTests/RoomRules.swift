/// Which way the arrows point (DESIGN 2): `Main → App → {HTTP, Events, Storage} → UseCases → Domain → Models`.
enum RoomRules {
    /// The rooms of a service.
    static let rooms = ["Main", "App", "HTTP", "Events", "UseCases", "Domain", "Storage", "Migrations"]

    /// Rooms that one service has beside them (decision 0029): notifications speak to providers in `Channels`.
    static let ownRooms = ["Notifications": ["Channels"]]

    /// The rooms whose types a room may name, itself among them.
    private static let visible: [String: Set<String>] = [
        "Main": ["Main", "App"], "App": Set(rooms + ownRooms.values.joined()),
        "HTTP": ["HTTP", "UseCases", "Domain"],
        "Events": ["Events", "UseCases", "Domain"], "Storage": ["Storage", "UseCases", "Domain"],
        "Channels": ["Channels", "UseCases", "Domain"], "UseCases": ["UseCases", "Domain"], "Domain": ["Domain"],
    ]

    /// The suite's own modules that a room may import; `Events` has Postgres for the transaction that it hands on, and
    /// ServiceKit for the projections that services keep alike.
    private static let modules: [String: Set<String>] = [
        "Main": ["ServiceKit"], "App": ["Models", "Postgres", "Messaging", "ServiceKit", "Pictures"],
        "HTTP": ["Models", "ServiceKit"],
        "Events": ["Models", "Messaging", "Postgres", "ServiceKit"],
        "Storage": ["Models", "Messaging", "Postgres", "ServiceKit"],
        "Channels": ["Models", "Mail"], "UseCases": ["Models"], "Domain": ["Models"],
    ]

    /// Modules of others that a room may import, where that is narrow.
    private static let foreign: [String: Set<String>] = [
        "Main": [], "UseCases": ["Foundation", "Synchronization", "Logging"],
        // Mustache computes texts from texts (0030).
        "Domain": ["Foundation", "Mustache"],
        "Events": ["Foundation", "Logging"], "Storage": ["Foundation", "Synchronization", "Logging"],
        "Channels": [
            "Foundation", "Synchronization", "AsyncHTTPClient", "Crypto", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL",
        ],
    ]

    /// What each shared module may import of the suite's own.
    private static let shared: [String: Set<String>] = [
        "Models": [], "Postgres": ["CLibpq"], "Kafka": ["CRdkafka"], "Messaging": ["Models", "Postgres", "Kafka"],
        "ServiceKit": ["Models", "Postgres", "Kafka", "Messaging", "Spreadsheets", "CLibcrypto"],
        "Spreadsheets": ["CLibzip", "CLibxml2", "CXlsxwriter"], "Pictures": ["CTurboJPEG"], "Mail": ["CLibcurl"],
    ]

    private static let suiteModules: Set<String> = [
        "Models", "Postgres", "Kafka", "Messaging", "ServiceKit", "Spreadsheets", "Operator", "Support", "CLibpq",
        "CRdkafka", "CLibzip", "CLibxml2", "CXlsxwriter", "CLibcrypto", "Pictures", "CTurboJPEG",
        "Mail", "CLibcurl",
    ]

    private static func isOfSuite(_ module: String) -> Bool {
        suiteModules.contains(module) || module.hasSuffix("Service")
    }

    /// A room imports only what lies further in.
    static func imports(_ tree: SourceTree) -> [String] {
        var violations: [String] = []
        for service in tree.services {
            for file in tree.swift(under: "Services/\(service)") {
                let room = file.parts[2]
                for module in file.imports {
                    let isAllowed =
                        isOfSuite(module)
                        ? modules[room]?.contains(module) == true || (room == "Main" && module == service + "Service")
                        : foreign[room]?.contains(module) ?? true
                    if !isAllowed { violations.append("\(file.path): \(room) imports \(module)") }
                }
            }
        }
        return violations
    }

    /// A room names only types of rooms further in.
    static func typeNames(_ tree: SourceTree) -> [String] {
        var violations: [String] = []
        for service in tree.services {
            let files = tree.swift(under: "Services/\(service)")
            var roomOfType: [Substring: String] = [:]
            for file in files { for type in file.declaredTypes { roomOfType[Substring(type)] = file.parts[2] } }
            for file in files {
                let room = file.parts[2]
                let named = file.words.intersection(roomOfType.keys).subtracting(file.ownTypes).sorted()
                for type in named {
                    guard let home = roomOfType[type], visible[room]?.contains(home) != true else { continue }
                    violations.append("\(file.path): \(room) names \(type) of \(home)")
                }
            }
        }
        return violations
    }

    /// No service imports another, nor the command line a service.
    static func services(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Services").flatMap { file in
            file.imports.filter { module in
                (module.hasSuffix("Service") && !(file.parts[2] == "Main" && module == file.parts[1] + "Service"))
                    || (module == "Operator" && file.parts[1] != "Operator")
                    || (file.parts[1] == "Operator" && ["Postgres", "ServiceKit"].contains(module))
            }.map { "\(file.path): imports \($0)" }
        }
    }

    /// The shared modules stand in their order, and Models imports Foundation only.
    static func sharedModules(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Shared").flatMap { file in
            let module = file.parts[1]
            return file.imports.filter { imported in
                isOfSuite(imported)
                    ? shared[module]?.contains(imported) != true : module == "Models" && imported != "Foundation"
            }.map { "\(file.path): imports \($0)" }
        }
    }

    /// The C libraries are reached through their one module.
    static func libraries(_ tree: SourceTree) -> [String] {
        let homes = [
            "CLibpq": "Shared/Postgres/", "CRdkafka": "Shared/Kafka/", "CLibzip": "Shared/Spreadsheets/",
            "CLibxml2": "Shared/Spreadsheets/", "CXlsxwriter": "Shared/Spreadsheets/",
            "CLibcrypto": "Shared/ServiceKit/", "CTurboJPEG": "Shared/Pictures/",
            "CLibcurl": "Shared/Mail/",
        ]
        return tree.files.filter(\.isSwift).flatMap { file in
            // Tests of pictures make pictures.
            file.imports.filter { homes[$0].map { !file.path.hasPrefix($0) } ?? false }
                .filter { $0 != "CTurboJPEG" || !file.path.hasPrefix("Tests/Unit/PicturesTests/") }
                .map { "\(file.path): imports \($0)" }
        }
    }

    /// The drivers know nothing of the suite.
    static func drivers(_ tree: SourceTree) -> [String] {
        let words: Set<Substring> = ["tiaokuai", "Tiaokuai", "Outbox", "EventPayload", "ServiceName"]
        return tree.swift(under: "Shared/Postgres", "Shared/Kafka").flatMap { file in
            file.words.intersection(words).map { "\(file.path): names \($0)" }
                + file.strings.filter { $0.lowercased().contains("tiaokuai") }.map { _ in
                    "\(file.path): names the suite"
                }
        }
    }

    /// SQL lies in Storage, Migrations and the shared modules that keep tables of their own.
    static func sql(_ tree: SourceTree) -> [String] {
        let homes = [
            "Shared/Postgres/", "Shared/Messaging/", "Shared/ServiceKit/Idempotency/", "Shared/ServiceKit/Divisions/",
            "Shared/ServiceKit/AuditTrail/", "Shared/ServiceKit/Privacy/",
        ]
        return tree.swift(under: "Services", "Shared").filter { file in
            !(file.parts[0] == "Services" && file.parts[2] == "Storage") && !homes.contains { file.path.hasPrefix($0) }
        }.flatMap { file in
            file.strings.filter { $0.utf8.contains(0x20) }.filter { string in
                string.contains(
                    /\b(?i:select\s+[^.]*\bfrom\s+\w|insert\s+into\s+\w|update\s+[\w.]+\s+set\s|delete\s+from\s+\w|(create|alter|drop)\s+(table|index|schema)\s)/
                )
            }.map { "\(file.path): SQL outside Storage: \($0.prefix(40))" }
        }
    }
}
