import Models
import ServiceKit

extension ProblemKind {
    /// The kinds of this service, beside those that every service has.
    static let gridOperations: [ProblemKind] = [
        .outsideGrids, .incidentOutsideGrids, .personalDataInText, .wrongState, .alreadyReturned, .reopenTooLate,
    ]

    static let outsideGrids = ProblemKind(
        404, "outside-grids", title: BilingualText("位置不在任何网格内", "The point lies in no grid"),
        meaning: BilingualText(
            "所查的位置没有网格；detail 给出最近的网格。", "No grid has the point that was asked for; the detail names the nearest."),
        next: BilingualText("核对经纬度", "Check longitude and latitude"))

    static let incidentOutsideGrids = ProblemKind(
        422, RowFault.Code.incidentOutsideGrids.rawValue,
        title: BilingualText("上报位置不在任何网格内", "The report's point lies in no grid"),
        meaning: BilingualText(
            "事件须落在一个网格内；detail 给出最近的网格。", "An incident lies in a grid; the detail names the nearest."),
        next: BilingualText("核对经纬度，或联系社区划定网格", "Check the point, or ask the community to draw a grid"))

    static let personalDataInText = ProblemKind(
        422, RowFault.Code.personalDataInText.rawValue,
        title: BilingualText("文字中含有个人号码", "The text holds personal numbers"),
        meaning: BilingualText(
            "文字中有身份号码或电话号码，提交前须确认。",
            "A text holds an identity or phone number, which the writer must confirm first."),
        next: BilingualText(
            "删除号码，或设 textConfirmed 为 true 由系统隐去", "Remove the numbers, or set textConfirmed to have them hidden"))

    static let wrongState = ProblemKind(
        409, "wrong-state", title: BilingualText("当前状态不允许此操作", "The present state does not allow this"),
        meaning: BilingualText(
            "事件所处的状态不允许此步骤；detail 给出状态。",
            "The incident is in a state that does not allow the step; the detail names it."),
        next: BilingualText("重新读取后再决定", "Read it again, then decide"))

    static let alreadyReturned = ProblemKind(
        409, "already-returned", title: BilingualText("该单位已退回过一次", "It was given back before"),
        meaning: BilingualText("一个单位对一个事件只能退回一次。", "An organisation may give an incident back once."),
        next: BilingualText("签收办理，或由社区改派", "Accept it, or ask the community to send it to another"))

    static let reopenTooLate = ProblemKind(
        409, "reopen-too-late", title: BilingualText("已过重新打开的期限", "It is too late to reopen it"),
        meaning: BilingualText(
            "结案后过了可以重新打开的天数。", "It was closed longer ago than an incident may be reopened."),
        next: BilingualText("另行上报", "Report it anew"))
}
