import Foundation
import Hummingbird
import Models
import ServiceKit

/// What is missing so that somebody would hear, as JSON.
struct FindingBody: ResponseEncodable {
    let code: String
    let message: String
    let messageEn: String
    /// The area or community of a post that nobody holds.
    let areaCode: String?
    let audience: String?
    let event: String?
    let division: String?
    let template: String?
    let waiting: Int?
    let undelivered: Int?
    let since: Date?
    /// By which the list is sorted and cut: findings of routes come before all codes of areas.
    let key: String

    private enum CodingKeys: String, CodingKey {
        case code, message, messageEn, areaCode, audience, event, division, template, waiting, undelivered, since
    }

    init(_ area: UnstaffedArea) {
        let role = Audience(area.audience).flatMap { if case .role(let role, _) = $0 { role } else { nil } }
        let label = role?.label ?? MessageText(area.audience, area.audience)
        code = role == .gridWorker ? "grid-worker-missing" : "role-missing"
        message = "\(area.code) 没有\(label.chinese)，消息无人接收，请补充人员"
        messageEn = "\(area.code) has no \(label.english), so its messages reach nobody; appoint one"
        areaCode = area.code
        audience = area.audience
        event = nil
        division = nil
        template = nil
        waiting = area.waiting
        undelivered = area.undelivered
        since = area.since
        key = "\(area.code)/\(area.audience)"
    }

    init(_ finding: RouteFinding) {
        let whose = finding.division.isEmpty ? "-" : finding.division
        let template = finding.template ?? "-"
        let audience = finding.audience ?? "-"
        switch finding.kind {
        case .eventNotRouted:
            message = "事件 \(finding.event.rawValue) 没有任何路由，请为其设置路由或注明不通知"
            messageEn = "no route says who is told of \(finding.event.rawValue); add one, or one that tells nobody"
        case .routeWithoutTemplate:
            message = "区划 \(whose) 的路由（\(finding.event.rawValue)，\(audience)）没有可用模板 \(template)，请批准模板"
            messageEn =
                "the route of \(whose) for \(finding.event.rawValue), \(audience) has no approved template \(template); approve one"
        case .templateSlotUnknown:
            message = "模板 \(template) 用到事件 \(finding.event.rawValue) 没有的占位符，请修改模板"
            messageEn = "template \(template) has slots that \(finding.event.rawValue) does not; change its words"
        }
        code = finding.kind.rawValue
        areaCode = nil
        self.audience = finding.audience
        event = finding.event.rawValue
        division = finding.division
        self.template = finding.template
        waiting = nil
        undelivered = nil
        since = nil
        key = "!\(finding.kind.rawValue)/\(finding.event.rawValue)/\(finding.division)/\(audience)/\(template)"
    }
}
