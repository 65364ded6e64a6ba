import Foundation
import Kafka
import Models
import Postgres
import Support

/// Grid operations as it is shipped, on a durable PostgreSQL and a broker of its own, with a county laid out.
struct GridStage {
    let service: RunningService
    /// The database, as the superuser.
    let database: PostgresConfiguration
    private let server: PrivatePostgres
    private let broker: EmulatedBroker

    /// Starts everything.
    static func start(_ name: String) async throws -> GridStage {
        let server = PrivatePostgres(durable: true, network: .loopback, settings: ["max_connections": "200"])
        let created = try await TestDatabase.create(named: name, on: server, extensions: ["postgis"])
        let database = server.loopbackConfiguration(database: created.configuration.database)
        let broker = try EmulatedBroker()
        for topic in Topic.all { try broker.createTopic(topic.name, partitions: topic.partitions) }
        try broker.createTopic(ReplayTopic.name, partitions: 1)
        let service = try await RunningService.start("grid-operations", database: database, broker: broker)
        let admin = try service.token(.countyAdmin, "532923")
        try await BenchmarkCounty.lay { try await service.post($0, $1, token: admin) }
        return GridStage(service: service, database: database, server: server, broker: broker)
    }

    /// Stops everything and removes the data.
    func stop() async {
        service.stop()
        broker.stop()
        await server.remove()
    }
}
