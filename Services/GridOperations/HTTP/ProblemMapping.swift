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
        }
    }
}

extension Problem {
    /// 404: a point that lies in no grid.
    static func noGrid(nearest: NearestGrid?) -> Problem {
        Problem(.outsideGrids, detail: OutsideGrids.nearest(nearest))
    }
}
