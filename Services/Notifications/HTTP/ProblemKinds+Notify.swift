import ServiceKit

extension ProblemKind {
    /// The kinds of this service, beside those that every service has.
    static let notifications: [ProblemKind] = [.templateDraftMissing, .approverIsAuthor]

    static let templateDraftMissing = ProblemKind(
        409, "template-draft-missing", title: BilingualText("没有待批准的草稿", "There is no draft to approve"),
        meaning: BilingualText("该模板没有草稿，或已批准。", "The template has no draft, or it was approved already."),
        next: BilingualText("先提交草稿", "Write a draft first"))

    static let approverIsAuthor = ProblemKind(
        409, "approver-is-author", title: BilingualText("批准人不能是起草人", "The author may not approve"),
        meaning: BilingualText(
            "模板须由起草人以外的第二人批准。", "A template is approved by a second person, never by who wrote it last."),
        next: BilingualText("请另一位县级管理员批准", "Ask another administrator of the county"))
}
