import Foundation
import Messaging
import Models

/// What a service is to the kit.
///
/// One type of a service's App room conforms to it.
package protocol SuiteService: Sendable {
    /// The service's name.
    static var name: ServiceName { get }
    /// The port when nobody sets one.
    static var defaultPort: Int { get }
    /// The folder of its own migrations, `Bundle.module.bundleURL.appendingPathComponent("Migrations")`.
    static var migrations: URL { get }
    /// Its part of the description of its interface, `Bundle.module.bundleURL.appendingPathComponent("openapi.yaml")`.
    static var openAPI: URL { get }
    /// Its own settings beside the common ones.
    static var settings: [SettingDescription] { get }
    /// Its own kinds of problems beside the common ones.
    static var problemKinds: [ProblemKind] { get }
    /// What it keeps of persons.
    static var personalData: PersonalDataInventory { get }

    /// Joins stores, use cases, readers and routes. It must not wait for the database or the broker: both may be down.
    ///
    /// - Throws: `SettingFault` for settings that do not fit together; the service then ends with code 78.
    init(context: ServiceContext) async throws

    /// Its readers of topics.
    var handlers: [any EventHandler] { get }
    /// What can state the present of its aggregates for new readers.
    var announcers: [any Announcer] { get }
    /// Work that runs beside requests and readers, for example a clock of deadlines.
    var backgroundWork: [BackgroundWork] { get }
    /// Declares its routes, with their whole paths (`/v1/…`) and who may use them.
    func addRoutes(to routes: SuiteRoutes)
}

extension SuiteService {
    package static var settings: [SettingDescription] { [] }
    package static var problemKinds: [ProblemKind] { [] }
    package static var personalData: PersonalDataInventory { .nothing }
    package var handlers: [any EventHandler] { [] }
    package var announcers: [any Announcer] { [] }
    package var backgroundWork: [BackgroundWork] { [] }
}

/// Work that runs as long as the service.
///
/// When it throws it is begun again with growing waits; when the service stops its task is cancelled before the
/// database is let go.
package struct BackgroundWork: Sendable {
    /// A name for logs.
    package let name: String
    /// The work; returns or throws when its task is cancelled.
    package let run: @Sendable () async throws -> Void

    /// Names a piece of work.
    package init(name: String, run: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.run = run
    }
}
