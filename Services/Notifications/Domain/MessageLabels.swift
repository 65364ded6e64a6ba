import Models

// The names that words of the domain have for people.

extension GridFunction {
    /// The function's name for people.
    package var label: MessageText {
        switch self {
        case .policyPublicity: MessageText("政策宣传", "policy publicity")
        case .cultureForThePeople: MessageText("文化惠民", "culture for the people")
        case .emergencyManagement: MessageText("应急管理", "emergency management")
        case .assistanceAndRelief: MessageText("帮扶救助", "assistance and relief")
        case .disputeMediation: MessageText("矛盾调解", "dispute mediation")
        }
    }
}

extension IncidentUrgency {
    /// Its name for people.
    package var label: MessageText {
        switch self {
        case .ordinary: MessageText("一般", "ordinary")
        case .urgent: MessageText("紧急", "urgent")
        case .emergency: MessageText("特急", "emergency")
        }
    }
}

extension IncidentClockKind {
    /// Its name for people.
    package var label: MessageText {
        switch self {
        case .response: MessageText("响应", "response")
        case .resolve: MessageText("办结", "settlement")
        case .whistle: MessageText("吹哨答复", "answer to the whistle")
        }
    }
}

extension WhistleKind {
    /// Its name for people.
    package var label: MessageText {
        switch self {
        case .daily: MessageText("日常哨", "daily")
        case .hard: MessageText("攻坚哨", "hard case")
        case .emergency: MessageText("应急哨", "emergency")
        }
    }
}

extension GridRole {
    /// Its name for people.
    package var label: MessageText {
        switch self {
        case .communityCadre: MessageText("社区干部", "community cadre")
        case .partyGroupLeader: MessageText("网格党小组长", "Party-group leader")
        case .volunteer: MessageText("志愿者", "volunteer")
        case .gridWorker: MessageText("网格员", "grid worker")
        case .gridPolice: MessageText("网格警", "grid police contact")
        case .volunteerTeam: MessageText("志愿服务队", "volunteer team")
        }
    }
}
