/// What kind of place of service 阵地 it is.
package enum StationKind: String, Sendable, Codable, CaseIterable {
    /// 雨润家园服务站, a Yurun Home station.
    case station
    /// 公益睦邻点, a good-neighbour point.
    case neighbourPoint
}

/// The six functions of a station 六项功能.
package enum StationFunction: String, Sendable, Codable, CaseIterable {
    /// 凝聚群众.
    case gatherPeople
    /// 服务村民.
    case serveVillagers
    /// 普法学法.
    case spreadLaw
    /// 和谐邻里.
    case harmoniousNeighbours
    /// 自我管理.
    case selfManagement
    /// 自我完善.
    case selfImprovement
}

/// What a station was merged from.
package enum MergedPlace: String, Sendable, Codable, CaseIterable {
    /// 便民服务站.
    case convenienceStation
    /// 妇女之家.
    case womensHome
    /// 纠纷调解室.
    case mediationRoom
}

/// The states of a station (`DOMAIN.md` 2.5.8).
package enum StationState: String, Sendable, Codable, CaseIterable {
    case planned
    case open
    case upgrading
    case closed

    /// Whether it counts among the stations that there are.
    package var isThere: Bool { self == .open || self == .upgrading }
}

/// By what right a place is used 权属.
package enum Tenure: String, Sendable, Codable, CaseIterable {
    /// 自有.
    case owned
    /// 租用.
    case rented
    /// 共享.
    case shared
    /// 无偿使用.
    case free
}

/// The seven ways by which a facility comes to be 七种途径.
package enum ProvisionWay: String, Sendable, Codable, CaseIterable {
    /// 新建.
    case newBuild
    /// 改造.
    case rebuild
    /// 购置.
    case purchase
    /// 项目配套.
    case projectMatching
    /// 整合共享.
    case mergeAndShare
    /// 开发商无偿提供.
    case developerProvision
    /// 驻社区单位无偿提供.
    case unitProvision
}

/// What a room is for 功能室.
package enum RoomKind: String, Sendable, Codable, CaseIterable {
    /// 为民服务站.
    case peopleService
    /// “两委”会议室.
    case meeting
    /// 党员活动室.
    case memberActivity
    /// 纠纷调解室.
    case mediation
    /// 值班室.
    case duty
    /// 档案室.
    case archive
    /// 财务室.
    case finance
    /// 其他.
    case other

    /// One station and six rooms 一站六室: the kinds of which a complete venue has each.
    package static let venue: [RoomKind] = [
        .peopleService, .meeting, .memberActivity, .mediation, .duty, .archive, .finance,
    ]

    /// Whether rooms of this kind may be booked at all (INV-18).
    package var isEverBookable: Bool { self != .archive && self != .finance }
}

/// Whom a room is open to.
package enum RoomAudience: String, Sendable, Codable, CaseIterable {
    /// Residents and stationed organisations, in the order in which they come.
    case resident
    /// Party organisations, when the community approves.
    case partyOrganisation
    /// The community's own staff.
    case staffOnly
}

/// The states of a booking (`DOMAIN.md` 2.5.6), and `waiting`: on the waiting list for a time that is taken.
package enum BookingState: String, Sendable, Codable, CaseIterable {
    case waiting
    case requested
    case approved
    case inUse
    case finished
    case refused
    case cancelledByUser
    case cancelledByStation
    case noShow

    /// Whether it keeps others from its time.
    package var holdsTime: Bool { self == .requested || self == .approved || self == .inUse }

    /// Nothing more happens to it.
    package var isEnd: Bool { !holdsTime && self != .waiting }
}
