import ServiceKit

extension ProblemKind {
    /// The kinds of notifications.
    static let sendings: [ProblemKind] = [.sendingState]

    static let sendingState = ProblemKind(
        409, "sending-state", title: BilingualText("消息状态不符", "The message is in another state"),
        meaning: BilingualText(
            "消息正在发送、已送达、已过时效、被本人拒收，或查看之后又尝试过。",
            "The message is being sent, was sent, is of no use any more, is not wanted, or was tried since it was seen."
        ),
        next: BilingualText("重新查看发送记录后再决定", "Look at the log again and decide anew"))
}
