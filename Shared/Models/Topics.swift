/// A service of the suite that owns state and speaks on topics.
package enum ServiceName: String, Sendable, CaseIterable, Codable {
    case talentRegistry = "talent-registry"
    case gridOperations = "grid-operations"
    case communityPairing = "community-pairing"
    case notifications = "notifications"
    case cloudGateway = "cloud-gateway"

    /// The CloudEvents source of the service in one county, `/tiaokuai/<county>/<service>`.
    package func source(county: String) -> String { "/tiaokuai/\(county)/\(rawValue)" }
}

/// A Kafka topic of the suite: `<service>.<aggregate>.v<version>`.
///
/// The number of lanes is fixed for ever, since the lane of a key must never change; the number of partitions may grow
/// up to the lanes. This list is the only place where topics are named.
package struct Topic: Sendable, Hashable {
    /// The service that alone writes this topic.
    package let service: ServiceName
    /// The aggregate whose facts it carries, in kebab case.
    package let aggregate: String
    /// The version of the meaning; a new meaning is a new topic.
    package let version: Int
    /// How many lanes the keys are spread over, at least the number of partitions.
    package let lanes: Int
    /// How many partitions a new cluster gets.
    package let partitions: Int

    init(_ service: ServiceName, _ aggregate: String, version: Int = 1, lanes: Int = 24, partitions: Int = 6) {
        self.service = service
        self.aggregate = aggregate
        self.version = version
        self.lanes = lanes
        self.partitions = partitions
    }

    /// The name without the installation's prefix; a setting may put a prefix before all of them.
    package var name: String { "\(service.rawValue).\(aggregate).v\(version)" }

    /// The lane of a key, `0 ..< lanes`: FNV-1a (64 bits, folded), which is stable over processes and releases.
    package func lane(ofKey key: String) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.utf8 {
            hash ^= UInt64(byte)
            hash &*= 0x0000_0100_0000_01b3
        }
        return Int((hash ^ (hash >> 32)) % UInt64(lanes))
    }
}

extension Topic {
    /// Divisions: county, towns, villages and communities.
    package static let division = Topic(.gridOperations, "division")
    /// Grids and who staffs them.
    package static let grid = Topic(.gridOperations, "grid")
    /// Incidents from report to close.
    package static let incident = Topic(.gridOperations, "incident")
    /// Stations and neighbour points.
    package static let station = Topic(.gridOperations, "station")
    /// Facilities: premises with tenure and provision way.
    package static let facility = Topic(.gridOperations, "facility")
    /// Rooms of communities' venues.
    package static let room = Topic(.gridOperations, "room")
    /// Bookings of rooms.
    package static let booking = Topic(.gridOperations, "booking")
    /// How the staff of grids is reached; every address encrypted, for notifications alone.
    package static let contact = Topic(.gridOperations, "contact")
    /// Party organisations and the member counts that they report.
    package static let partyOrganisation = Topic(.talentRegistry, "party-organisation")
    /// Talents on the ledger.
    package static let talent = Topic(.talentRegistry, "talent")
    /// County units that report to communities.
    package static let unit = Topic(.communityPairing, "unit")
    /// Pairings of units with communities and villages.
    package static let pairing = Topic(.communityPairing, "pairing")

    /// Every topic that carries facts.
    package static let all: [Topic] = [
        division, grid, incident, station, facility, room, booking, contact, partyOrganisation, talent, unit, pairing,
    ]

    /// Finds a topic by its name without prefix.
    package static func named(_ name: String) -> Topic? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}

/// The topic on which readers ask sources to send a range of a lane again.
///
/// It carries requests, not facts, and has neither lanes nor an outbox: a lost request is made again as long as the gap
/// is open.
package enum ReplayTopic {
    /// The name without the installation's prefix.
    package static let name = "tiaokuai.replay.v1"
    /// Partitions that a new cluster gives it.
    package static let partitions = 1
}

/// Puts the installation's prefix before topic names, so that several installations may share a cluster.
package struct TopicNaming: Sendable, Hashable {
    /// The prefix, empty or ending in a separator.
    package let prefix: String

    /// Makes a naming with a prefix that is put before every name as it is.
    package init(prefix: String = "") { self.prefix = prefix }

    /// The name as the broker knows it.
    package func wireName(_ name: String) -> String { prefix + name }

    /// The name without the prefix, or nil for a topic of somebody else.
    package func name(ofWire wire: String) -> String? {
        wire.hasPrefix(prefix) ? String(wire.dropFirst(prefix.count)) : nil
    }
}
