import Foundation
import Hummingbird

/// The answer of `/status`: what is running.
package struct StatusReport: ResponseCodable, Sendable, Hashable {
    /// The service's name.
    package var service: String
    /// The release.
    package var version: String
    /// The commit it was built from, `unknown` when the build did not say.
    package var commit: String
    /// The newest migration applied, `<set>/<file>`; nil while the database is away.
    package var migration: String?
    /// When the process started.
    package var startedAt: Date
}

/// What was built.
package enum BuildVersion {
    /// The release.
    package static let version = "0.1.0"
}
