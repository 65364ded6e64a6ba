import Models
import ServiceKit

// Which problem a caller sees for an error of stations, rooms and bookings.

extension VenueNotFound: ProblemConvertible {
    package var problem: Problem {
        switch what {
        case .station: .notFound("没有这个阵地", "there is no such station")
        case .facility: .notFound("没有这个场所", "there is no such facility")
        case .room: .notFound("没有这个功能室", "there is no such room")
        }
    }
}

extension StationRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .wrongState(let state, let action):
            .conflict(
                .stationState, "阵地处于“\(state.chinese)”，不能\(action.chinese)",
                "the station is \(state.rawValue), which does not allow \(action.rawValue)")
        }
    }
}

extension BookingNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这个预约", "there is no such booking") }
}

extension BookingRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .wrongState(let state, let action):
            return .conflict(
                .bookingState, "预约处于“\(state.chinese)”，不能\(action.chinese)",
                "the booking is \(state.rawValue), which does not allow \(action.rawValue)")
        case .notItsTime(let action):
            return .conflict(
                .notItsTime, "现在不能\(action.chinese)，请按预约的时间操作", "it is not the time for \(action.rawValue)")
        case .roomNotBookable:
            return .conflict(.roomNotBookable, "该功能室不能由您预约", "you cannot book this room")
        case .timeTaken(let alternative):
            guard let alternative else {
                return .conflict(
                    .timeTaken, "该时间已被预约，两周内没有同类功能室空闲",
                    "somebody has this time, and no room of the kind is free near it")
            }
            let from = RFC3339.format(alternative.time.lowerBound)
            let to = RFC3339.format(alternative.time.upperBound)
            return .conflict(
                .timeTaken, "该时间已被预约；最近的空闲：功能室 \(alternative.roomID)，\(from) 至 \(to)",
                "somebody has this time; the nearest free one is in room \(alternative.roomID), \(from) to \(to)")
        }
    }
}

extension BookingState {
    /// The word that people use.
    fileprivate var chinese: String {
        switch self {
        case .waiting: "候补"
        case .requested: "申请"
        case .approved: "已批准"
        case .inUse: "使用中"
        case .finished: "已结束"
        case .refused: "已拒绝"
        case .cancelledByUser: "申请人已取消"
        case .cancelledByStation: "社区已取消"
        case .noShow: "未到"
        }
    }
}

extension BookingAction {
    /// The word that people use.
    fileprivate var chinese: String {
        switch self {
        case .approve: "批准"
        case .refuse: "拒绝"
        case .start: "登记使用"
        case .finish: "登记结束"
        case .cancel: "取消"
        case .miss: "登记未到"
        }
    }
}

extension StationState {
    /// The word that people use.
    fileprivate var chinese: String {
        switch self {
        case .planned: "规划"
        case .open: "启用"
        case .upgrading: "功能升级"
        case .closed: "撤销"
        }
    }
}

extension StationAction {
    /// The word that people use.
    fileprivate var chinese: String {
        switch self {
        case .open: "启用"
        case .upgrade: "功能升级"
        case .close: "撤销"
        }
    }
}
