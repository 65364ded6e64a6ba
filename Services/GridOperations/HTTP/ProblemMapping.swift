import Models
import ServiceKit

// Which problem a caller sees for an error of this service; whatever is not here the kit decides.

extension RowFaults: ProblemConvertible {
    package var problem: Problem {
        let faults = faults.map(Problem.Fault.init)
        // Numbers in a text are a warning with a way of its own to go on, so callers must tell it from other faults.
        guard self.faults.allSatisfy({ $0.code == .personalDataInText }) else { return .invalid(faults) }
        return Problem(.personalDataInText, detail: faults.first?.message, faults: faults)
    }
}

extension OutsideGrids: ProblemConvertible {
    package var problem: Problem {
        Problem(
            .incidentOutsideGrids, detail: Self.nearest(nearest),
            faults: [
                Problem.Fault(
                    field: "/longitude", code: RowFault.Code.incidentOutsideGrids.rawValue, Self.nearest(nearest))
            ])
    }

    /// Names the nearest grid.
    static func nearest(_ nearest: NearestGrid?) -> BilingualText {
        guard let nearest else { return BilingualText("尚无网格", "there is no grid yet") }
        return BilingualText(
            "最近的网格是 \(nearest.code)，约 \(nearest.metres) 米",
            "the nearest grid is \(nearest.code), about \(nearest.metres) m away")
    }
}

extension OutsideScope: ProblemConvertible {
    package var problem: Problem {
        .invalid(
            field: "/longitude", code: RowFault.Code.outsideScope.rawValue, "位置不在您的管辖范围内，请由所在社区上报",
            "the point lies outside your scope; the community there must report it")
    }
}

extension IncidentNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这个事件", "there is no such incident") }
}

extension GridRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .notFound: .noSuchGrid
        case .ended(let code, let day):
            .conflict(.gridEnded, "网格 \(code) 已于 \(day) 合并或拆分", "the grid \(code) was merged or split on \(day)")
        }
    }
}

extension FieldNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这块责任田", "there is no such responsibility field") }
}

extension HoldingNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这项任职", "there is no such assignment") }
}

extension VersionMismatch: ProblemConvertible {
    package var problem: Problem { .preconditionFailed }
}

extension IncidentRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .wrongState(let state, let action):
            .conflict(
                .wrongState, "事件处于“\(state.chinese)”，不能\(action.chinese)",
                "the incident is \(state.rawValue), which does not allow \(action.rawValue)")
        case .alreadyReturned:
            .conflict(
                .alreadyReturned, "该单位已退回过一次，不能再退回", "this organisation has given the incident back before")
        case .reopenTooLate(let days):
            .conflict(
                .reopenTooLate, "结案超过 \(days) 天，不能重新打开，请另行上报",
                "it was closed more than \(days) days ago; report it anew")
        case .otherOrganisation(let leading):
            .invalid(
                field: "/organisation", code: "other-organisation", "事件已派给\(leading ?? "其他单位")，只有该单位可以签收或退回",
                "the incident was sent to \(leading ?? "another organisation"), which alone may accept or return it")
        case .verifierIsHandler:
            .invalid(
                field: "/actor", code: "verifier-is-handler", "核查人不能是处理人，请由其他人核查",
                "who handled it may not verify it; another person must")
        case .notTheReporter:
            .invalid(
                field: "/actor", code: "not-the-reporter", "只有上报人可以撤回", "only the reporter may withdraw the report")
        case .categoryUnknown, .otherFunction, .categoryNotAdmitted, .noRoute: ruleProblem
        case .attribute(let code, let fault): fault.problem(field: "/attributes/\(code)")
        case .noClock, .clockStands, .clockRuns, .alreadyExtended, .extensionTooLate, .approverIsApplicant:
            clockProblem
        case .alreadyFollowedUp:
            .conflict(.alreadyFollowedUp, "本次结案已回访", "the close was followed up already")
        case .notCalled(let organisation):
            .invalid(
                field: "/organisation", code: "not-called", "吹哨没有召集 \(organisation)，请核对单位",
                "the whistle did not call \(organisation); check the unit")
        case .alreadyAnswered:
            .conflict(.whistleAnswered, "该单位的任务已办结，或事件已结束", "the unit has done its part, or the incident has ended")
        case .othersJoined, .joinsItself, .primaryEnded, .tooManyJoined: joinProblem
        case .tooManyPhotos(let max):
            .conflict(.tooManyPhotos, "每个事件最多 \(max) 张照片", "an incident has at most \(max) pictures")
        }
    }
}

extension WhistleNotFound: ProblemConvertible {
    package var problem: Problem { .notFound("没有这次吹哨", "there is no such whistle") }
}

extension AttributeFault {
    fileprivate func problem(field: String) -> Problem {
        switch self {
        case .missing:
            .invalid(
                field: field, code: RowFault.Code.required.rawValue, "该类别须填写此项，请补填",
                "the category asks for it; fill it in")
        case .unknown:
            .invalid(
                field: field, code: "attribute-unknown", "该类别没有此项，请删除", "the category does not ask for it; leave it out"
            )
        case .notANumber:
            .invalid(field: field, code: RowFault.Code.malformed.rawValue, "应为数字，请核对", "it must be a number; check it")
        case .notAChoice(let choices):
            .invalid(
                field: field, code: RowFault.Code.unknownWord.rawValue,
                "不在可选范围内，请改为：\(choices.joined(separator: "、"))",
                "it is not a known word; use one of: \(choices.joined(separator: ", "))")
        }
    }
}

extension IncidentRefusal {
    /// What the rulebook of the incident does not allow.
    fileprivate var ruleProblem: Problem {
        switch self {
        case .categoryUnknown(let code):
            .invalid(
                field: "/category", code: "category-unknown", "该事件适用的规则中没有类别 \(code)，请从规则的类别中选择",
                "the rulebook of the incident has no category \(code); choose one of its categories")
        case .otherFunction(let code, let function):
            .invalid(
                field: "/function", code: "other-function", "类别 \(code) 属于另一项职能，请改为 \(function.rawValue) 或不填",
                "the category \(code) belongs to \(function.rawValue); state that function or none")
        case .categoryNotAdmitted(let code):
            .invalid(
                field: "/category", code: "category-not-admitted", "类别 \(code) 不在网格事项准入清单内，请改选类别或不予受理",
                "the category \(code) is not on the list of tasks that grids take; choose another, or reject the report"
            )
        default:
            .invalid(
                field: "/organisation", code: RowFault.Code.required.rawValue, "规则中没有适用的派遣单位，请填写单位",
                "no route of the rulebook names an organisation; name one")
        }
    }

    /// What cannot be joined.
    fileprivate var joinProblem: Problem {
        switch self {
        case .othersJoined(let count):
            .conflict(
                .joinRefused, "有 \(count) 件上报并入本事件，请先拆分", "\(count) reports are joined to it; split them off first")
        case .primaryEnded(let state):
            .conflict(
                .joinRefused, "目标事件处于“\(state.chinese)”，不能并入，请选未办结的事件",
                "the other incident is \(state.rawValue); choose one that is open")
        case .tooManyJoined(let max):
            .conflict(.joinRefused, "并入的上报已达 \(max) 件上限", "\(max) reports are joined to it, the most there may be")
        default:
            .invalid(
                field: "/primary", code: "joins-itself", "不能并入自身，请选另一事件", "it is the same incident; choose another")
        }
    }

    /// What the clock of the incident does not allow.
    fileprivate var clockProblem: Problem {
        switch self {
        case .noClock:
            .conflict(.clockState, "该事件没有计时", "no clock runs on this incident")
        case .clockStands:
            .conflict(.clockState, "计时已停，请先恢复", "the clock stands; resume it first")
        case .clockRuns:
            .conflict(.clockState, "计时没有挂起", "the clock is not paused")
        case .alreadyExtended:
            .conflict(.extensionRefused, "已延期过一次，不能再延", "the time was extended once and cannot be again")
        case .extensionTooLate:
            .conflict(.extensionRefused, "已超过时限，不能再延期", "the time is over; only what is not over can be extended")
        default:
            .invalid(
                field: "/applicant", code: "approver-is-applicant", "批准人不能是申请人，请由其他人批准",
                "who asks for more time may not grant it; another person must")
        }
    }
}

extension Problem {
    /// 404: a point that lies in no grid.
    static func noGrid(nearest: NearestGrid?) -> Problem {
        Problem(.outsideGrids, detail: OutsideGrids.nearest(nearest))
    }
}

extension RulebookRefusal: ProblemConvertible {
    package var problem: Problem {
        switch self {
        case .unknown: .notFound("没有这个版本的规则", "there is no such version of the rulebook")
        case .published:
            .conflict(.rulebookPublished, "该版本已发布，不能修改", "this version is published and cannot be changed")
        case .notChecked:
            .conflict(.rulebookUnchecked, "该版本尚未检查或检查有错误", "this version is not checked, or was found at fault")
        case .errors(let findings):
            Problem(
                .rulebookUnchecked, detail: findings.first.map { BilingualText($0.message.zh, $0.message.en) },
                faults: findings.map { finding in
                    Problem.Fault(
                        field: finding.place, code: finding.code, BilingualText(finding.message.zh, finding.message.en))
                })
        case .tooSoon(let earliest):
            .invalid(
                field: "/from", code: RowFault.Code.outOfRange.rawValue,
                "生效时间最早为 \(RFC3339.format(earliest))，请推后",
                "the earliest moment is \(RFC3339.format(earliest)); choose a later one")
        }
    }
}
