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
        let types: [UInt32]
        var isReady = false
        let batch: UInt64
        var lastUse: UInt64
    }

    private let capacity: Int
    private var entries: [String: [Entry]] = [:]
    private var texts: [String: String] = [:]
    private var condemned: [String] = []
    private var uses: UInt64 = 0
    private var names: UInt64 = 0

    /// Makes an empty cache for `capacity` statements, 1 and more.
    ///
    /// More are kept only until they can be dropped.
    package init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// The number of statements kept.
    package var count: Int { texts.count }

    /// Whether ``takeSurplus()`` has something to drop.
    package var hasSurplus: Bool { count > capacity || !condemned.isEmpty }

    /// Decides how to run `statement`; `batch` tells the preparations of one flush from those before.
    package mutating func plan(for statement: PostgresStatement, batch: UInt64) -> Plan {
        uses += 1
        let places = entries[statement.sql]?.indices ?? 0..<0
        for place in places {
            guard let entry = entries[statement.sql]?[place],
                entry.types.elementsEqual(statement.parameters.lazy.map(\.type.oid))
            else { continue }
            entries[statement.sql]?[place].lastUse = uses
            return entry.isReady || entry.batch == batch ? .execute(name: entry.name) : .unnamed
        }
        names += 1
        let name = "s\(names)"
        let types = statement.parameters.map(\.type.oid)
        entries[statement.sql, default: []].append(Entry(name: name, types: types, batch: batch, lastUse: uses))
        texts[name] = statement.sql
        return .prepare(name: name)
    }

    /// The server has prepared the statement of that name.
    package mutating func prepared(_ name: String) {
        guard let text = texts[name], let place = entries[text]?.firstIndex(where: { $0.name == name }) else { return }
        entries[text]?[place].isReady = true
    }

    /// The server has not prepared the statement of that name.
    package mutating func failed(_ name: String) {
        remove(name)
    }

    /// Forgets what was prepared for a text whose plan the server no longer accepts.
    package mutating func forget(sql: String) {
        for entry in entries[sql] ?? [] where entry.isReady {
            remove(entry.name)
            condemned.append(entry.name)
        }
    }

    /// Removes and returns what is to be dropped on the server: the least recently used beyond an eighth under capacity,
    /// so that a busy cache is not trimmed at each statement.
    package mutating func takeSurplus() -> [String] {
        if count > capacity {
            let target = capacity - capacity / 8
            let oldest = entries.values.joined().filter(\.isReady).sorted { $0.lastUse < $1.lastUse }
            for entry in oldest.prefix(max(0, count - target)) {
                remove(entry.name)
                condemned.append(entry.name)
            }
        }
        defer { condemned = [] }
        return condemned
    }

    private mutating func remove(_ name: String) {
        guard let text = texts.removeValue(forKey: name) else { return }
        entries[text]?.removeAll { $0.name == name }
        if entries[text]?.isEmpty == true { entries[text] = nil }
    }
}
