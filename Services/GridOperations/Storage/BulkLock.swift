import Postgres

/// Lets bulk writes of one kind follow each other, whichever replica they reach.
///
/// Two sheets with the same new rows would else run into each other's unique keys, and two with overlapping boundaries
/// would not see each other at all. Single writes do not wait for it.
enum BulkLock: Int32, Sendable {
    case divisions = 1
    case grids
    case staff
    case incidents
    case stations
    case rooms
    case rulebooks

    /// Sets these locks apart from other advisory locks of two numbers: "GRID" in ASCII.
    private static let space = Int32(0x4752_4944)

    /// Waits for the lock and holds it to the end of the transaction.
    ///
    /// It must go before the statements that read, as a statement of its own: in `read committed` only statements that
    /// begin after the wait see what others committed.
    var statement: PostgresStatement { "select pg_advisory_xact_lock(\(Self.space), \(rawValue))" }
}
