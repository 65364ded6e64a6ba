/// A stored snapshot that cuts the outbox: its batch is what `snapshot` sees and `previous` does not, in the order of
/// position.
///
/// Both are PostgreSQL's text form of `pg_snapshot`, `xmin:xmax:xip,…`.
struct Tick: Sendable, Equatable {
    /// The tick's number, from 1; 0 stands for the beginning.
    var number: Int64
    /// The snapshot of the tick before.
    var previous: String
    /// The snapshot of this tick.
    var snapshot: String
    /// The smallest position in the batch.
    var firstPosition: Int64
    /// The greatest position in the batch.
    var lastPosition: Int64
    /// How many records the batch has.
    var records: Int64
}

/// The parts of a `pg_snapshot` that bound the search for what it does not see.
package struct SnapshotBounds: Equatable {
    /// Every transaction id from here on was not finished.
    package let xmax: String
    /// Smaller ids that were in progress.
    package let inProgress: [String]

    /// Reads PostgreSQL's text form; nil when it is not one.
    package init?(_ snapshot: String) {
        let parts = snapshot.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        xmax = String(parts[1])
        inProgress = parts[2].split(separator: ",").map(String.init)
    }
}
