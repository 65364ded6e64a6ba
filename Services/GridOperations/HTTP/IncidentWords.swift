import Models

extension GridFunction {
    /// The word that people use.
    var chineseName: String {
        switch self {
        case .policyPublicity: "政策宣传"
        case .cultureForThePeople: "文化惠民"
        case .emergencyManagement: "应急管理"
        case .assistanceAndRelief: "帮扶救助"
        case .disputeMediation: "矛盾调解"
        }
    }
}

extension IncidentState {
    /// The word that people use.
    var chinese: String {
        switch self {
        case .reported: "已上报"
        case .filed: "已立案"
        case .rejected: "不予受理"
        case .dispatched: "已派遣"
        case .inProgress: "处理中"
        case .handled: "已处理"
        case .closed: "已结案"
        case .withdrawn: "已撤回"
        case .archived: "已归档"
        case .joined: "已并案"
        }
    }
}

extension IncidentAction {
    /// The word that people use.
    var chinese: String {
        switch self {
        case .file: "立案"
        case .reject: "不予受理"
        case .selfHandle: "当场处理"
        case .dispatch: "派遣"
        case .accept: "签收"
        case .giveBack: "退回"
        case .pause: "挂起"
        case .resume: "恢复计时"
        case .extend: "延期"
        case .handle: "反馈处理结果"
        case .verify: "核查"
        case .reopen: "重新打开"
        case .withdraw: "撤回"
        case .whistle: "吹哨"
        case .followUp: "回访"
        case .answerWhistle: "答复吹哨"
        case .addPhoto: "添加照片"
        case .join: "并案"
        case .split: "拆分"
        case .archive: "归档"
        }
    }
}
