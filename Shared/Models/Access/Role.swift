/// A role of a person in the county's work (DOMAIN 2.7).
///
/// The raw values are what tokens carry; they never change.
package enum Role: String, Sendable, Codable, CaseIterable {
    /// 县委组织部管理员: standards, quotas, pairings, aggregates.
    case countyAdmin = "county-admin"
    /// 云平台运维: health, messaging, feeds; no business data.
    case cloudOperator = "cloud-operator"
    /// 乡镇党委干事.
    case townOfficer = "town-officer"
    /// 政治标准审核员.
    case gateReviewer = "gate-reviewer"
    /// 评定员.
    case assessor
    /// 社区党组织书记.
    case communitySecretary = "community-secretary"
    /// 社区专职工作者、党务工作者.
    case communityDesk = "community-desk"
    /// 网格党小组长.
    case gridLeader = "grid-leader"
    /// 网格员.
    case gridWorker = "grid-worker"
    /// 网格警.
    case gridPolice = "grid-police"
    /// 志愿者.
    case volunteer
    /// 单位联络员.
    case unitLiaison = "unit-liaison"
    /// 单位党组织.
    case unitPartyOrganisation = "unit-party-organisation"
    /// 在职党员.
    case inServiceMember = "in-service-member"
    /// 物业公司.
    case propertyCompany = "property-company"
    /// 居民.
    case resident
    /// 居务监督委员会.
    case supervisionCommittee = "supervision-committee"
    /// 财务.
    case financeOfficer = "finance-officer"
    /// 经费审批.
    case financeApprover = "finance-approver"
    /// 经费审计.
    case financeAuditor = "finance-auditor"
    /// 个人信息保护负责人.
    case privacyOfficer = "privacy-officer"
    /// 系统管理员.
    case systemAdmin = "system-admin"
    /// 安全管理员.
    case securityAdmin = "security-admin"
    /// 审计管理员.
    case auditAdmin = "audit-admin"

    /// How far a grant of a role may reach at most.
    package enum Reach: Sendable, Hashable {
        /// The whole suite, or any part of it.
        case suite
        /// Divisions and grids whose code has at least so many digits.
        case division(digitsMin: Int)
        /// A unit.
        case unit
        /// What is the person's own.
        case own
    }

    /// How far the role reaches at most: personal data are never seen above the level that does the work.
    package var reach: Reach {
        switch self {
        case .privacyOfficer, .systemAdmin, .securityAdmin, .auditAdmin, .cloudOperator: .suite
        case .countyAdmin, .financeOfficer, .financeApprover, .financeAuditor: .division(digitsMin: 6)
        case .gateReviewer: .division(digitsMin: 6)
        case .townOfficer, .assessor: .division(digitsMin: 9)
        case .communitySecretary, .communityDesk, .supervisionCommittee: .division(digitsMin: 12)
        case .gridLeader, .gridWorker, .gridPolice: .division(digitsMin: 15)
        case .unitLiaison, .unitPartyOrganisation, .propertyCompany: .unit
        case .volunteer, .inServiceMember, .resident: .own
        }
    }

    /// Whether a grant of this role may have a scope; one that reaches too far counts for nothing.
    package func mayHave(_ scope: Scope) -> Bool {
        switch (reach, scope) {
        case (.suite, .suite), (.suite, .division): true
        case (.division(let least), .division(let prefix)): prefix.digits.utf8.count >= least
        case (.unit, .unit), (.own, .own): true
        default: false
        }
    }
}
