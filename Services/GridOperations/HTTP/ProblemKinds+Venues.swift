import Models
import ServiceKit

extension ProblemKind {
    /// The kinds of stations, rooms and bookings.
    static let venues: [ProblemKind] = [.stationState, .bookingState, .notItsTime, .roomNotBookable, .timeTaken]

    static let stationState = ProblemKind(
        409, "station-state", title: BilingualText("阵地当前状态不允许此操作", "The station's state does not allow this"),
        meaning: BilingualText(
            "阵地依次为规划、启用、功能升级、撤销；detail 给出所处的状态。",
            "A station is planned, open, upgraded and closed in this order; the detail names where it stands."),
        next: BilingualText("重新读取后再决定", "Read it again, then decide"))

    static let bookingState = ProblemKind(
        409, "booking-state", title: BilingualText("预约当前状态不允许此操作", "The booking's state does not allow this"),
        meaning: BilingualText(
            "预约依次为申请、批准、使用、结束，或被拒绝、取消；detail 给出所处的状态。",
            "A booking is requested, approved, in use and finished, or refused or cancelled; the detail names where it stands."
        ),
        next: BilingualText("重新读取后再决定", "Read it again, then decide"))

    static let notItsTime = ProblemKind(
        409, "booking-not-its-time", title: BilingualText("现在还不能，或已不能这样做", "It is too early or too late for it"),
        meaning: BilingualText(
            "使用最早在开始前 30 分钟登记，未到只能在开始后登记，时间过后不能再批准或取消。",
            "A room is taken into use at most 30 minutes early, a no-show is written down after the beginning, and what is over can neither be approved nor cancelled."
        ),
        next: BilingualText("在预约的时间内操作", "Do it at the booked time"))

    static let roomNotBookable = ProblemKind(
        409, "room-not-bookable", title: BilingualText("该功能室不能预约", "The room cannot be booked"),
        meaning: BilingualText(
            "功能室停用、不开放预约，或不对您开放。", "The room is out of use, is never booked, or is not open to you."),
        next: BilingualText("从可预约的功能室中另选，或到社区窗口办理", "Choose another of the open rooms, or ask the community's desk"))

    static let timeTaken = ProblemKind(
        409, "time-taken", title: BilingualText("该时间已被预约", "Somebody has this time"),
        meaning: BilingualText(
            "先到先得；detail 给出同类功能室中最近的空闲时间。",
            "First come, first served; the detail names the nearest free time in a room of the same kind."),
        next: BilingualText(
            "改约所给的时间，或设 waitIfTaken 为 true 进入候补", "Book the time that is named, or set waitIfTaken to wait for this one"
        ))
}
