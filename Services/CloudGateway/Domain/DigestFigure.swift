/// The figures of the one-page digest, named as in the master table of numbers (`DOMAIN.md` 1.11).
package enum DigestFigure: String, Sendable, CaseIterable {
    case urbanOrganisations = "N01"
    case branches = "N03"
    case townCommittees = "N04"
    case members = "N05"
    case retiredMembers = "N06"
    case twoNewMembers = "N07"
    case membersAged35OrLess = "N08"
    case membersAged60OrMore = "N09"
    case membersWithCollegeOrAbove = "N10"
    case organisationCoverage = "N11"
    case surveyedCommunities = "N12"
    case talents = "N13"
    case units = "N19"
    case unitMembers = "N20"
    case pairingTargets = "N21"
    case stations = "N23"
    case stationsSince = "N24"

    /// What it counts, in Chinese.
    package var chinese: String {
        switch self {
        case .urbanOrganisations: "城市社区党组织"
        case .branches: "党支部"
        case .townCommittees: "乡镇党委"
        case .members: "党员总数"
        case .retiredMembers: "离退休党员"
        case .twoNewMembers: "“两新”组织党员"
        case .membersAged35OrLess: "35岁以下党员"
        case .membersAged60OrMore: "60岁以上党员"
        case .membersWithCollegeOrAbove: "大专以上党员"
        case .organisationCoverage: "城市社区党组织覆盖率"
        case .surveyedCommunities: "已排查村（社区）"
        case .talents: "人才库人数"
        case .units: "结对县级单位"
        case .unitMembers: "结对党员干部"
        case .pairingTargets: "结对社区和村"
        case .stations: "雨润家园服务站（另有公益睦邻点）"
        case .stationsSince: "服务站最早建成年份"
        }
    }

    /// What it counts, in English.
    package var english: String {
        switch self {
        case .urbanOrganisations: "urban community Party organisations"
        case .branches: "branches"
        case .townCommittees: "town committees"
        case .members: "members"
        case .retiredMembers: "retired members"
        case .twoNewMembers: "members in \"two new\" organisations"
        case .membersAged35OrLess: "members aged 35 or under"
        case .membersAged60OrMore: "members aged 60 or over"
        case .membersWithCollegeOrAbove: "members with college or above"
        case .organisationCoverage: "organisation coverage of urban communities"
        case .surveyedCommunities: "villages and communities surveyed"
        case .talents: "talents in the base"
        case .units: "county units"
        case .unitMembers: "members and cadres paired"
        case .pairingTargets: "communities and villages paired"
        case .stations: "Yurun Home stations (and good-neighbour points)"
        case .stationsSince: "year of the first station"
        }
    }
}
