/// The statements that a connection has prepared on the server, by SQL text and parameter types.
///
/// Pure: it decides names and what to prepare and drop, the connection does it. Parameter types belong to the key, since a
/// statement that was prepared with a null (type inferred) may expect another binary form than one with a value.
package struct StatementCache {
    /// What to do to run a statement.
    package enum Plan: Equatable {
        /// Run the prepared statement of that name.
        case execute(name: String)
        /// Prepare under that name, then run it; report with ``prepared(_:)`` or ``failed(_:)``.
        case prepare(name: String)
        /// Prepare and run as the unnamed statement: an earlier preparation is still on its way and may fail.
        case unnamed
    }

    private struct Entry {
        let name: String
        let sql: String
        let types: [UInt32]
        var isReady = false
        let batch: UInt64
        var lastUse: UInt64
    }

    private let capacity: Int
    /// The statements, by a number that is theirs alone; their text is long to hash, so it is looked up once a use.
    private var entries: [UInt64: Entry] = [:]
    private var numbers: [String: [UInt64]] = [:]
    private var condemned: [String] = []
    private var uses: UInt64 = 0
    private var lastNumber: UInt64 = 0

    /// Makes an empty cache for `capacity` statements, 1 and more.
    ///
    /// More are kept only until they can be dropped.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// The number of statements kept.
    package var count: Int { entries.count }

    /// Whether ``takeSurplus()`` has something to drop.
    package var hasSurplus: Bool { count > capacity || !condemned.isEmpty }

    /// Decides how to run `statement`; `batch` tells the preparations of one flush from those before.
    package mutating func plan(for statement: PostgresStatement, batch: UInt64) -> Plan {
        uses += 1
        for number in numbers[statement.sql] ?? [] {
            guard let entry = entries[number],
                entry.types.elementsEqual(statement.parameters.lazy.map(\.type.oid))
            else { continue }
            entries[number]?.lastUse = uses
            return entry.isReady || entry.batch == batch ? .execute(name: entry.name) : .unnamed
        }
        lastNumber += 1
        let name = "s\(lastNumber)"
        entries[lastNumber] = Entry(
            name: name, sql: statement.sql, types: statement.parameters.map(\.type.oid), batch: batch, lastUse: uses)
        numbers[statement.sql, default: []].append(lastNumber)
        return .prepare(name: name)
    }

    /// The server has prepared the statement of that name.
    package mutating func prepared(_ name: String) {
        guard let number = Self.number(name) else { return }
        entries[number]?.isReady = true
    }

    /// The server has not prepared the statement of that name.
    package mutating func failed(_ name: String) {
        remove(name)
    }

    /// Forgets what was prepared for a text whose plan the server no longer accepts.
    package mutating func forget(sql: String) {
        for entry in (numbers[sql] ?? []).compactMap({ entries[$0] }) where entry.isReady {
            remove(entry.name)
            condemned.append(entry.name)
        }
    }

    /// Removes and returns what is to be dropped on the server: the least recently used beyond an eighth under capacity,
    /// so that a busy cache is not trimmed at each statement.
    package mutating func takeSurplus() -> [String] {
        if count > capacity {
            let target = capacity - capacity / 8
            let oldest = entries.values.filter(\.isReady).sorted { $0.lastUse < $1.lastUse }
            for entry in oldest.prefix(max(0, count - target)) {
                remove(entry.name)
                condemned.append(entry.name)
            }
        }
        defer { condemned = [] }
        return condemned
    }

    private mutating func remove(_ name: String) {
        guard let number = Self.number(name), let entry = entries.removeValue(forKey: number) else { return }
        numbers[entry.sql]?.removeAll { $0 == number }
        if numbers[entry.sql]?.isEmpty == true { numbers[entry.sql] = nil }
    }

    private static func number(_ name: String) -> UInt64? { UInt64(name.dropFirst()) }
}
