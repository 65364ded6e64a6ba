import Models
import ServiceKit

extension ProblemKind {
    /// The kinds of this service, beside those that every service has.
    static let gridOperations: [ProblemKind] = [
        .outsideGrids, .incidentOutsideGrids, .personalDataInText, .wrongState, .alreadyReturned, .reopenTooLate,
        .clockState, .extensionRefused, .rulebookPublished, .rulebookUnchecked, .alreadyFollowedUp, .whistleAnswered,
        .tooManyPhotos, .photoRefused, .joinRefused, .apiKeyTooOften, .gridEnded,
    ]

    static let apiKeyTooOften = ProblemKind(
        429, "api-key-too-often", title: BilingualText("密钥请求过于频繁", "The API key comes too often"),
        meaning: BilingualText(
            "该 api_key 每分钟的请求超过了登记的次数。", "The api_key made more requests a minute than were agreed."),
        next: BilingualText("按 Retry-After 稍后再试，或申请提高限额", "Wait as Retry-After says, or ask for a higher limit"))

    static let gridEnded = ProblemKind(
        409, RowFault.Code.gridEnded.rawValue, title: BilingualText("网格已终止", "The grid has ended"),
        meaning: BilingualText(
            "该网格已合并或拆分，不再变动；detail 给出日期。", "The grid was merged or split and changes no more; the detail says when."),
        next: BilingualText("读取该网格的后继网格", "Read which grids are its successors"))

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

    static let clockState = ProblemKind(
        409, "clock-state", title: BilingualText("计时状态不允许此操作", "The clock does not allow this"),
        meaning: BilingualText(
            "事件没有计时，或计时已挂起、已在走。", "The incident has no clock, or it is paused or running already."),
        next: BilingualText("重新读取后再决定", "Read it again, then decide"))

    static let extensionRefused = ProblemKind(
        409, "extension-refused", title: BilingualText("不能延期", "The time cannot be extended"),
        meaning: BilingualText("时限只能在到期前延长一次。", "Time is extended once, and before it is over."),
        next: BilingualText("尽快办理；逾期会逐级上报", "Handle it soon; what is overdue goes up the line"))

    static let alreadyFollowedUp = ProblemKind(
        409, "already-followed-up", title: BilingualText("已回访", "It was followed up already"),
        meaning: BilingualText("每次结案只回访一次。", "Each close is followed up once."),
        next: BilingualText("如仍未解决，请重新打开", "If the matter is not settled, reopen it"))

    static let whistleAnswered = ProblemKind(
        409, "whistle-answered", title: BilingualText("该单位已办结", "The unit has done its part"),
        meaning: BilingualText(
            "被召集的单位反馈结果后，或事件结束后，不再接受答复。",
            "After a unit has stated its result, or the incident has ended, nothing more is taken in."),
        next: BilingualText("读取吹哨的现状", "Read how the whistle stands"))

    static let joinRefused = ProblemKind(
        409, "join-refused", title: BilingualText("不能并案", "The reports cannot be joined"),
        meaning: BilingualText(
            "有上报并入的事件不能撤回、不予受理或再并入；已结束的事件不能作为目标；detail 说明原因。",
            "What others are joined to cannot be withdrawn, rejected or joined itself, and nothing is joined to what has ended; the detail says which."
        ),
        next: BilingualText("先拆分，或另选未办结的事件", "Split first, or choose an open incident"))

    static let tooManyPhotos = ProblemKind(
        409, "too-many-photos", title: BilingualText("照片已满", "There are as many pictures as there may be"),
        meaning: BilingualText("一个事件的照片数有上限。", "An incident has a bounded number of pictures."),
        next: BilingualText("不再添加；结果可写入处理结果", "Add no more; say it in the result"))

    static let photoRefused = ProblemKind(
        422, "photo-refused", title: BilingualText("照片不能接受", "The picture cannot be taken"),
        meaning: BilingualText(
            "只接受完整的 JPEG 或 PNG，大小和像素有上限；detail 说明原因。",
            "Only whole JPEG and PNG files are taken, up to a size and a number of pixels; the detail says what is wrong."
        ),
        next: BilingualText("换一张，或在手机上缩小后再传", "Take another, or make it smaller first"))

    static let rulebookPublished = ProblemKind(
        409, "rulebook-published", title: BilingualText("规则已发布", "The rulebook is published"),
        meaning: BilingualText("已发布的版本不再改变。", "A version that was published never changes."),
        next: BilingualText("以它为底稿新建一个版本（copyOf）", "Begin a new version as its copy (copyOf)"))

    static let rulebookUnchecked = ProblemKind(
        409, "rulebook-unchecked", title: BilingualText("规则尚未通过检查", "The rulebook has not passed its check"),
        meaning: BilingualText(
            "发布前须检查，且没有错误；faults 给出错误。",
            "A version is checked before it is published, without errors; faults names them."),
        next: BilingualText("改正后再检查、发布", "Correct it, check it, then publish it"))
}
