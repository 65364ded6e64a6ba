extension ProblemKind {
    /// The kinds about personal data, which every service has.
    package static let privacy: [ProblemKind] = [
        .unmaskLimit, .noKeys, .samePerson, .requestNotOpen, .subjectAmbiguous,
    ]

    static let unmaskLimit = ProblemKind(
        429, "unmask-limit", title: BilingualText("今日查看明文次数已用完", "The day's unmaskings are used up"),
        meaning: BilingualText(
            "每人每天查看个人信息明文的次数有限，到县域零点重新计算。",
            "One person may unmask so many records on a day; the count begins anew at the county's midnight."),
        next: BilingualText("明天再试；确有需要请联系个人信息保护负责人", "Try again tomorrow, or ask the officer for personal information"))

    static let noKeys = ProblemKind(
        409, "no-keys", title: BilingualText("没有加密密钥", "There are no keys"),
        meaning: BilingualText(
            "本服务没有设置 crypto.keys，没有可更换的密钥。", "The service has no crypto.keys, so there is nothing to rotate."),
        next: BilingualText("设置 crypto.keys 并重启服务", "Set crypto.keys and restart the service"))

    static let samePerson = ProblemKind(
        409, "same-person", title: BilingualText("须由另一人批准", "Another person must approve"),
        meaning: BilingualText("申请人不能批准自己的申请。", "Who asked for something may not approve it."),
        next: BilingualText("请另一人批准", "Ask another person to approve it"))

    static let subjectAmbiguous = ProblemKind(
        409, "subject-ambiguous", title: BilingualText("号码对应多条记录", "Several records have this number"),
        meaning: BilingualText(
            "同一手机号码可能由家人共用，或同一人担任多个单位的联系人。",
            "People of a family may share a mobile number, and one person may be the contact of several units."),
        next: BilingualText(
            "改用公民身份号码，或在 objectID 中填写记录编号（如单位代码）",
            "Give the identity number, or the record's id or code in objectID, for example that of the unit"))

    static let requestNotOpen = ProblemKind(
        409, "request-not-open", title: BilingualText("请求已办结或种类不符", "The request is closed or of another kind"),
        meaning: BilingualText("个人请求只办理一次，且只按其种类办理。", "A person's request is carried out once, and as what it is."),
        next: BilingualText("查询请求的状态；需要时另行登记", "Look how it stands; open another one if need be"))
}
