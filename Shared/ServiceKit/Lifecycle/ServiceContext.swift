import Logging
import Messaging
import Models
import Postgres

/// What a service is given to build itself from.
package struct ServiceContext: Sendable {
    /// The service's name.
    package let name: ServiceName
    /// Its settings, the common ones among them.
    package let settings: SettingsReader
    /// The county's division code, six digits.
    package let county: String
    /// Connections to its database.
    package let pool: PostgresPool
    /// Where it writes what it says to others.
    package let outbox: Outbox
    /// Where it writes down reads of personal data, and changes of which it tells nobody.
    package let audit: AuditTrail
    /// The cipher of personal fields.
    package let cipher: any FieldCipher
    /// Where it takes the time from.
    package let clock: any SuiteClock
    /// Where tests let it die.
    package let failpoints: Failpoints
    /// Where it says what it does.
    package let logger: Logger

    /// Puts a context together; tests do so with their own pool and clock.
    package init(
        name: ServiceName, settings: SettingsReader, county: String, pool: PostgresPool, outbox: Outbox,
        audit: AuditTrail, cipher: any FieldCipher, clock: any SuiteClock, failpoints: Failpoints = .none,
        logger: Logger
    ) {
        self.name = name
        self.settings = settings
        self.county = county
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        self.cipher = cipher
        self.clock = clock
        self.failpoints = failpoints
        self.logger = logger
    }
}
