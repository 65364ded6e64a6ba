import Foundation
import Logging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Synchronization
import Testing

/// A database with messages that are to be sent, and a clock that tests move.
final class SendingDatabase: Sendable {
    /// Noon of the county.
    static let noon = Date(timeIntervalSince1970: 1_699_977_600 + 12 * 3600)

    let pool: PostgresPool
    let store: PostgresSendingStore
    let sealer: AddressSealer
    private let time = Mutex(SendingDatabase.noon)

    private init(pool: PostgresPool) throws {
        self.pool = pool
        sealer = AddressSealer(
            cipher: AESFieldCipher(
                keys: try FieldKeys(
                    json: """
                        {"current":"t","keys":{"t":"\(Data(repeating: 7, count: 32).base64EncodedString())"},
                         "lookup":"\(Data(repeating: 9, count: 32).base64EncodedString())"}
                        """)))
        store = PostgresSendingStore(pool: pool, sealer: sealer, jitter: { 0.5 })
    }

    /// Lends a fresh one to `body`.
    static func with(_ body: (SendingDatabase) async throws -> Void) async throws {
        try await TestDatabase.with(named: "sendings") { database in
            let pool = try await database.migrated(.notifications, Notifications.migrations).pool(size: 16)
            try await RowScope.service { try await body(try SendingDatabase(pool: pool)) }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    var now: Date { time.withLock { $0 } }

    func wait(_ seconds: Double) { time.withLock { $0 = $0.addingTimeInterval(seconds) } }

    /// A pump of the store, which has its own breaker as a replica's has.
    func pump(
        _ channel: FakeChannel, width: ChannelPump.Width = .init(rest: .milliseconds(20)),
        breaker: CircuitBreaker = CircuitBreaker()
    ) -> ChannelPump {
        ChannelPump(
            channel: channel, store: store, width: width, breaker: breaker,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }, now: { self.now }, jitter: { 0.5 })
    }

    /// Orders messages.
    func order(_ sendings: [PlannedSending]) async throws {
        let moment = now
        try await pool.withTransaction { transaction in
            try await PostgresSendingQueue(executor: transaction, jitter: { 0.5 }).order(sendings, at: moment)
        }
    }

    /// A message.
    static func message(
        _ event: UUID = UUID(), to person: PersonID = .new(), by channels: [ChannelCode] = [.webhook],
        lane: SendingLane = .transactional, digest: DigestRule? = nil, title: String = "网格内有新事件"
    ) -> PlannedSending {
        PlannedSending(
            eventID: event, person: person, channels: channels, kind: "IncidentReported", lane: lane,
            divisionCode: "532923100001001", template: "incidentReported", title: title, body: "请到现场了解情况。",
            digest: digest)
    }

    /// Lets people be reached.
    func keepAddress(of people: [PersonID], kind: ContactKind = .mobile) async throws {
        let addresses = people.map { "address-\($0)" }
        _ = try await pool.query(
            """
            insert into notify.contacts (person_id, kind, address_encrypted, address_hash, source, stated_at)
            select n.person_id, \(kind.rawValue), n.address, n.hash, 'test', \(now)
            from unnest(\(people.map(\.rawValue)), \(try addresses.map(sealer.seal)), \(try addresses.map(sealer.hash)))
                as n (person_id, address, hash)
            """)
    }

    /// The rows of a statement that gives one number.
    func count(_ statement: PostgresStatement) async throws -> Int {
        try await pool.query(statement).rows.first?.decode(at: 0) ?? 0
    }

    /// How many rows are in each state, as `STATE reason`.
    func states(_ channel: ChannelCode? = nil) async throws -> [String: Int] {
        let rows = try await pool.query(
            """
            select rtrim(state || ' ' || coalesce(reason, '')) as word, count(*)::int8 as rows from notify.sendings
            where \(channel?.rawValue)::text is null or channel = \(channel?.rawValue)::text group by 1
            """
        ).rows
        var states: [String: Int] = [:]
        for row in rows { states[try row.decode("word")] = try row.decode("rows") }
        return states
    }
}

/// A provider of the test: answers as it is told, and remembers what it was asked.
final class FakeChannel: MessageChannel, Sendable {
    let kind: ChannelCode
    let limits: ChannelLimits
    private let pace: Duration
    private let answer: @Sendable (ChannelMessage, Int) async -> SendOutcome
    private let asked = Mutex<[ChannelMessage]>([])

    /// - Parameters:
    ///   - pace: how long each answer takes.
    ///   - answer: what it says to the n-th question, from 1.
    init(
        _ kind: ChannelCode = .webhook,
        limits: ChannelLimits = ChannelLimits(perAddress: [], overall: [], longestBody: 500),
        pace: Duration = .zero,
        answer: @escaping @Sendable (ChannelMessage, Int) async -> SendOutcome = { _, _ in .accepted(receipt: "r") }
    ) {
        self.kind = kind
        self.limits = limits
        self.pace = pace
        self.answer = answer
    }

    /// What it was asked, in order.
    var messages: [ChannelMessage] { asked.withLock { $0 } }

    func send(_ message: ChannelMessage) async -> SendOutcome {
        let count = asked.withLock { asked in
            asked.append(message)
            return asked.count
        }
        if pace > .zero {
            // Part of the provider's made-up time, not a wait for anything of ours.
            try? await Task.sleep(for: pace)
        }
        return await answer(message, count)
    }
}
