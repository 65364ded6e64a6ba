/// What personal data may be used for 用途代码 (DOMAIN 4.4).
///
/// No other purpose exists; a new one needs an impact assessment and a release. The raw values are what requests and the
/// audit trail carry; they never change.
package enum Purpose: String, Sendable, Codable, CaseIterable {
    /// 人才入库与培训.
    case talentListing = "P1"
    /// 依法资格审查.
    case qualificationReview = "P2"
    /// 任职登记.
    case appointmentRecord = "P3"
    /// 人员配备与待遇.
    case staffing = "P4"
    /// 事件办理.
    case incidentHandling = "P5"
    /// 场所预约.
    case venueBooking = "P6"
    /// 结对与志愿服务.
    case pairing = "P7"
    /// 经费监督.
    case fundSupervision = "P8"
    /// 通知送达.
    case noticeDelivery = "P9"
    /// 个人请求.
    case subjectRequest = "P10"
    /// 安全审计.
    case securityAudit = "P11"
    /// 汇总统计.
    case statistics = "P12"
}
