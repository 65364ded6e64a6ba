// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled alike: Swift 6 language mode, explicit existentials, explicit member imports, no warnings.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let httpServer: [Target.Dependency] = [
    hummingbird, .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio"),
]
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let niossl: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")

/// A module under `Shared/`.
func shared(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Shared/\(name)", resources: resources, swiftSettings: house)
}

/// A service: the same rooms in each, a library that tests can build on, and an executable that only starts it.
func service(_ name: String, executable: String, needing own: [Target.Dependency]) -> [Target] {
    let library = "\(name)Service"
    return [
        .target(
            name: library,
            dependencies: ["Models", "Postgres", "Kafka", "Messaging", "ServiceKit", logging] + httpServer + own,
            path: "Services/\(name)", exclude: ["Main", "README.md"],
            resources: [.copy("Migrations"), .copy("openapi.yaml")], swiftSettings: house),
        .executableTarget(
            name: executable, dependencies: [.target(name: library), "ServiceKit"], path: "Services/\(name)/Main",
            swiftSettings: house),
    ]
}

/// A test target in its layer, `Tests/<Layer>/<Name>Tests`.
func tests(_ layer: String, _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: dependencies + ["Support"], path: "Tests/\(layer)/\(name)Tests",
        resources: resources, swiftSettings: house)
}

let services: [(name: String, executable: String, own: [Target.Dependency])] = [
    ("TalentRegistry", "talent-registry", []),
    ("GridOperations", "grid-operations", ["Pictures"]),
    ("CommunityPairing", "community-pairing", []),
    (
        "Notifications", "notifications",
        [
            "Mail", mustache, metrics, httpClient, niossl, .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        ]
    ),
    ("CloudGateway", "cloud-gateway", []),
]
let serviceLibraries: [Target.Dependency] = services.map { .target(name: "\($0.name)Service") }

let package = Package(
    name: "tiaokuai",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", path: "Shared/CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CRdkafka", path: "Shared/CRdkafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(
            name: "CLibzip", path: "Shared/CSpreadsheets/Libzip", pkgConfig: "libzip",
            providers: [.apt(["libzip-dev"])]),
        .systemLibrary(
            name: "CLibxml2", path: "Shared/CSpreadsheets/Libxml2", pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(
            name: "CXlsxwriter", path: "Shared/CSpreadsheets/Xlsxwriter", pkgConfig: "xlsxwriter",
            providers: [.apt(["libxlsxwriter-dev"])]),
        .systemLibrary(
            name: "CLibcrypto", path: "Shared/CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CTurboJPEG", path: "Shared/CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(
            name: "CLibcurl", path: "Shared/CLibcurl", pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]),
        shared("Models"),
        shared("Mail", ["CLibcurl"]),
        shared("Pictures", ["CTurboJPEG"]),
        shared("Postgres", ["CLibpq", logging]),
        shared("Kafka", ["CRdkafka", logging]),
        shared("Spreadsheets", ["CLibzip", "CLibxml2", "CXlsxwriter"]),
        shared("Messaging", ["Models", "Postgres", "Kafka", logging], resources: [.copy("Migrations")]),
        shared(
            "ServiceKit",
            [
                "Models", "Postgres", "Kafka", "Messaging", "Spreadsheets", "CLibcrypto", logging, metrics, lifecycle,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"), jwt, httpClient, niossl,
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ] + httpServer, resources: [.copy("Migrations"), .copy("OpenAPI/common.yaml")]),
        .target(
            name: "Operator",
            dependencies: [
                "Models", "Kafka", "Messaging", "Spreadsheets", logging, httpClient,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Services/Operator", exclude: ["Main", "README.md"], swiftSettings: house),
        .executableTarget(
            name: "tiaokuai", dependencies: ["Operator"], path: "Services/Operator/Main", swiftSettings: house),
        .target(
            name: "Support",
            dependencies: [
                "Models", "Postgres", "Kafka", "Messaging", "ServiceKit", "Spreadsheets", logging, httpClient, niossl,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Support", exclude: ["Simulation"], swiftSettings: house),
        // What integration tests and benchmarks of grid operations simulate alike.
        .target(
            name: "Simulation",
            dependencies: ["GridOperationsService", "Models", "Postgres", "Messaging", "ServiceKit", "Support"],
            path: "Tests/Support/Simulation", swiftSettings: house),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "GridOperationsService", "Models", "Postgres", "Kafka", "Messaging", "ServiceKit", "Support",
                "Simulation",
                logging, httpClient, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + httpServer,
            path: "Tests/Benchmarks", swiftSettings: house),
        tests("Unit", "Models", ["Models"]),
        tests("Unit", "Postgres", ["Postgres"]),
        tests("Unit", "Kafka", ["Kafka"]),
        tests("Unit", "Messaging", ["Messaging", "Models", "Postgres", "Kafka"]),
        tests(
            "Unit", "ServiceKit",
            [
                "ServiceKit", "Models", "Postgres", "Kafka", "Messaging", logging, metrics, httpClient, niossl,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + httpServer),
        tests("Unit", "Spreadsheets", ["Spreadsheets"]),
        tests("Unit", "Pictures", ["Pictures", "CTurboJPEG"]),
        tests("Unit", "Services", serviceLibraries + ["Models", "Messaging"]),
        tests(
            "Unit", "Operator",
            [
                "Operator", "Models", "Messaging", "Kafka", "Spreadsheets", "ServiceKit", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        tests("Integration", "PostgresDriver", ["Postgres"]),
        tests("Integration", "KafkaDriver", ["Kafka", logging]),
        tests("Integration", "MessagingProofs", ["Messaging", "Models", "Postgres", "Kafka"]),
        tests(
            "Integration", "ServiceStores",
            serviceLibraries + [
                "Models", "Postgres", "Messaging", "ServiceKit", "Spreadsheets", "Simulation", logging, httpClient,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + httpServer),
        tests(
            "Integration", "Channels",
            [
                "NotificationsService", "Mail", "Models", "ServiceKit", httpClient,
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ] + httpServer),
        tests(
            "Contract", "EventContract",
            serviceLibraries + [
                "Models", "Messaging", "Kafka", "ServiceKit", .product(name: "Yams", package: "Yams"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            resources: [.copy("Samples")]),
        tests(
            "EndToEnd", "Journey",
            [
                "Models", "Postgres", "Kafka", "Messaging", "Spreadsheets", httpClient,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: [.copy("Packs")]),
        tests("Architecture", "Architecture", ["Models"]),
    ] + services.flatMap { service($0.name, executable: $0.executable, needing: $0.own) }
)
