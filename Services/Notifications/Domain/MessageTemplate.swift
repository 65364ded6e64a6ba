import Models

/// What a message is about: what happened, where, under which number, and where to read on.
///
/// Nothing personal has a place in it, and no text that somebody wrote.
package struct MessageSlots: Sendable, Equatable {
    /// Which incident.
    package var incidentID: IncidentID
    /// The number that people quote.
    package var incidentNumber: String
    /// The grid.
    package var gridCode: GridCode
    /// The function.
    package var function: GridFunction
    /// How pressing it is.
    package var urgency: IncidentUrgency

    /// Gathers what the words need.
    package init(
        incidentID: IncidentID, incidentNumber: String, gridCode: GridCode, function: GridFunction,
        urgency: IncidentUrgency
    ) {
        self.incidentID = incidentID
        self.incidentNumber = incidentNumber
        self.gridCode = gridCode
        self.function = function
        self.urgency = urgency
    }

    /// Where the incident can be read, a path of grid-operations.
    package var link: String { "/v1/incidents/\(incidentID)" }
}

/// A text in both languages.
package struct MessageText: Sendable, Equatable {
    /// The Chinese text.
    package let chinese: String
    /// The English text.
    package let english: String

    /// Joins both languages.
    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }
}

/// The words of a message.
///
/// Routes name a template by its raw value.
package enum MessageTemplate: String, Sendable, CaseIterable {
    case incidentReported
    case incidentReopened
    case incidentDispatched
    case incidentHandled
    case incidentClosed
    case incidentRejected

    /// The heading, without slots.
    package var title: MessageText {
        switch self {
        case .incidentReported: MessageText("网格内有新事件", "New incident in your grid")
        case .incidentReopened: MessageText("事件重新办理", "Incident reopened")
        case .incidentDispatched: MessageText("您上报的事件已派单", "Your report was dispatched")
        case .incidentHandled: MessageText("您上报的事件已处理", "Your report was handled")
        case .incidentClosed: MessageText("您上报的事件已办结", "Your report was closed")
        case .incidentRejected: MessageText("您上报的事件不予受理", "Your report was not taken on")
        }
    }

    /// The message itself.
    package func body(_ slots: MessageSlots) -> MessageText {
        let what = MessageText(
            "\(slots.function.label.chinese)类事件 \(slots.incidentNumber)，网格 \(slots.gridCode)",
            "incident \(slots.incidentNumber) (\(slots.function.label.english)), grid \(slots.gridCode)")
        let sentence: MessageText =
            switch self {
            case .incidentReported: MessageText("请到现场了解情况。", "Please look at it on the spot.")
            case .incidentReopened: MessageText("核查未通过或再次打开，请继续跟进。", "It was opened again; please follow it up.")
            case .incidentDispatched: MessageText("已交有关单位办理。", "An organisation was asked to handle it.")
            case .incidentHandled: MessageText("已处理，等待核查。", "It was handled and will be verified.")
            case .incidentClosed: MessageText("已核查办结，感谢您的反映。", "It was verified and closed. Thank you for telling us.")
            case .incidentRejected: MessageText("原因可凭编号查询。", "The reason can be asked for with the number.")
            }
        let warning =
            self == .incidentReported && slots.urgency == .emergency
            ? MessageText("特急：有危险请先拨打110、119、120。", "Emergency: if there is danger call 110, 119 or 120 first. ")
            : MessageText("", "")
        return MessageText(
            "\(warning.chinese)\(what.chinese)。\(sentence.chinese)",
            "\(warning.english)\(what.english.prefix(1).uppercased())\(what.english.dropFirst()). \(sentence.english)")
    }
}

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
