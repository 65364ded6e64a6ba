import Models

/// The sheets of the county pack in the order in which they are imported, which is that of what refers to what.
package enum SheetCatalogue {
    /// The sheets that can be imported.
    package static let all: [SheetDescription] = [
        divisions, grids, partyOrganisations, memberCounts, talents, gridStaff, units, pairings, stations, rooms,
        incidents,
    ]

    /// Sheets that are known and that no service takes yet.
    package static let notYet: [String: String] = [
        "06": "人才评定", "07": "回引人才任职", "08": "后备干部", "09": "培训记录", "10": "专职社区工作者", "11": "志愿服务队",
        "12": "注册志愿者", "15": "在职党员", "17": "需求清单", "18": "资源清单", "19": "月度主题", "20": "报到签到",
        "21": "为民办实事", "24": "经费", "25": "问卷",
    ]

    /// Finds a sheet by its two digits.
    package static func named(_ number: String) -> SheetDescription? { all.first { $0.number == number } }

    // MARK: - grid-operations

    private static let divisions = SheetDescription(
        number: "01", title: "区划", service: .gridOperations, path: "/v1/divisions/bulk",
        columns: [
            SheetColumn("区划代码", "code", .code), SheetColumn("名称", "name", .text),
            SheetColumn("层级", "level", .word(["县": "county", "乡镇": "town", "村（社区）": "community"])),
            SheetColumn("上级代码", "parentCode", .code),
            SheetColumn(
                "类型", "kind",
                .word([
                    "城市社区": "urbanCommunity", "村改居社区": "convertedFromVillage", "农村社区": "ruralCommunity",
                    "行政村": "administrativeVillage",
                ])),
            SheetColumn("户数", "households", .integer, isNeeded: false),
            SheetColumn("人口", "population", .integer, isNeeded: false),
        ],
        key: ["code"], references: [SheetReference("parentCode", to: "01")],
        stage: { order(["county", "town", "community"], of: $0.fields["level"]) })

    private static let grids = SheetDescription(
        number: "02", title: "网格", service: .gridOperations, path: "/v1/grids/bulk",
        columns: [
            SheetColumn("网格编码", "code", .code), SheetColumn("名称", "name", .text),
            SheetColumn("层级", "level", .word(["责任区": "area", "服务小组": "group"])),
            SheetColumn("上级编码", "parentCode", .code), SheetColumn("户数", "households", .integer, isNeeded: false),
            SheetColumn("边界", "boundary", .text),
        ],
        key: ["code"], references: [SheetReference("parentCode", to: "01", "02")],
        stage: { order(["area", "group"], of: $0.fields["level"]) })

    private static let gridStaff = SheetDescription(
        number: "13", title: "网格人员", service: .gridOperations, path: "/v1/grid-assignments/bulk",
        columns: [
            SheetColumn("网格编码", "gridCode", .code),
            SheetColumn(
                "角色", "role",
                .word([
                    "社区干部": "communityCadre", "网格党小组长": "partyGroupLeader", "党员志愿者": "volunteer",
                    "网格员": "gridWorker", "网格警": "gridPolice", "志愿者队伍": "volunteerTeam",
                ])),
            SheetColumn("公民身份号码", "identityNumber", .code), SheetColumn("姓名", "name", .text),
            SheetColumn("联系电话", "mobile", .mobile),
        ],
        key: ["gridCode", "role", "identityNumber"], references: [SheetReference("gridCode", to: "02")],
        aliases: ["teamCode": "姓名"],
        adjust: { fields in
            // The row of a team has the team's code where others have a name.
            guard fields["role"] == .text("volunteerTeam") else { return }
            fields["teamCode"] = fields.removeValue(forKey: "name")
        })

    private static let stations = SheetDescription(
        number: "22", title: "服务阵地", service: .gridOperations, path: "/v1/stations/bulk",
        columns: [
            SheetColumn("编号", "code", .code), SheetColumn("名称", "name", .text),
            SheetColumn("类型", "kind", .word(["雨润家园服务站": "station", "公益睦邻点": "neighbourPoint"])),
            SheetColumn("区划代码", "divisionCode", .code), SheetColumn("建成年份", "openedYear", .integer),
        ],
        key: ["code"], references: [SheetReference("divisionCode", to: "01")])

    private static let rooms = SheetDescription(
        number: "23", title: "一站六室", service: .gridOperations, path: "/v1/rooms/bulk",
        columns: [
            SheetColumn("区划代码", "divisionCode", .code),
            SheetColumn(
                "功能室", "kind",
                .word([
                    "为民服务站": "peopleService", "“两委”会议室": "meeting", "党员活动室": "memberActivity",
                    "纠纷调解室": "mediation", "值班室": "duty", "档案室": "archive", "财务室": "finance", "其他": "other",
                ])),
            SheetColumn("面积（平方米）", "areaSquareMetres", .integer),
            SheetColumn(
                "权属", "tenure", .word(["自有": "owned", "租用": "rented", "共享": "shared", "无偿使用": "free"])),
            SheetColumn("可容纳人数", "capacity", .integer),
            // Open means to residents; of a room that is not, the sheet does not say to whom else.
            SheetColumn("开放", "openTo", .word(["是": "resident", "否": "staffOnly"])),
        ],
        key: ["divisionCode", "kind"], references: [SheetReference("divisionCode", to: "01")])

    private static let incidents = SheetDescription(
        number: "26", title: "网格事件", service: .gridOperations, path: "/v1/incidents/bulk",
        columns: [
            SheetColumn("编号", "externalNumber", .text), SheetColumn("上报时间", "reportedAt", .dateTime),
            SheetColumn(
                "类别", "function",
                .word([
                    "政策宣传": "policyPublicity", "文化惠民": "cultureForThePeople", "应急管理": "emergencyManagement",
                    "帮扶救助": "assistanceAndRelief", "矛盾调解": "disputeMediation",
                ])),
            SheetColumn("标题", "title", .text), SheetColumn("描述", "description", .text),
            SheetColumn("经度", "longitude", .decimal), SheetColumn("纬度", "latitude", .decimal),
            SheetColumn(
                "来源", "source",
                .word([
                    "网格员": "gridWorker", "居民": "resident", "志愿者": "volunteer", "单位": "unit", "热线": "hotline",
                    "走访": "patrol",
                ])),
            SheetColumn("紧急程度", "urgency", .word(["一般": "ordinary", "紧急": "urgent", "特急": "emergency"])),
        ],
        key: ["externalNumber"], aliases: ["point": "经度", "location": "经度", "grid": "经度", "gridCode": "经度"])

    // MARK: - talent-registry

    private static let partyOrganisations = SheetDescription(
        number: "03", title: "党组织", service: .talentRegistry, path: "/v1/party-organisations/bulk",
        columns: [
            SheetColumn("组织编码", "code", .code), SheetColumn("组织名称", "name", .text),
            SheetColumn(
                "组织类型", "kind",
                .word([
                    "县委": "countyCommittee", "党工委": "workCommittee", "乡镇党委": "townCommittee",
                    "党总支": "generalBranch", "党支部": "branch", "党小组": "partyGroup", "功能性党小组": "workingGroup",
                ])),
            SheetColumn("上级组织", "parentCode", .code), SheetColumn("所在区划", "divisionCode", .code),
        ],
        key: ["code"], references: [SheetReference("parentCode", to: "03"), SheetReference("divisionCode", to: "01")],
        needsDivisions: true,
        stage: {
            let kinds = [
                "countyCommittee", "workCommittee", "townCommittee", "generalBranch", "branch", "partyGroup",
                "workingGroup",
            ]
            return order(kinds, of: $0.fields["kind"])
        })

    private static let memberCounts = SheetDescription(
        number: "04", title: "党员统计", service: .talentRegistry, path: "/v1/member-counts/bulk",
        columns: [
            SheetColumn("党支部编码", "organisationCode", .code), SheetColumn("统计时点", "asOf", .date),
            SheetColumn("党员总数", "total", .integer), SheetColumn("离退休党员", "retired", .integer),
            SheetColumn("“两新”组织党员", "twoNew", .integer), SheetColumn("35岁以下", "age35OrLess", .integer),
            SheetColumn("60岁以上", "age60OrMore", .integer), SheetColumn("大专以上", "collegeOrAbove", .integer),
        ],
        key: ["organisationCode", "asOf"], references: [SheetReference("organisationCode", to: "03")])

    private static let talents = SheetDescription(
        number: "05", title: "人才台账", service: .talentRegistry, path: "/v1/talents/bulk",
        columns: [
            SheetColumn("公民身份号码", "identityNumber", .code), SheetColumn("姓名", "name", .text),
            SheetColumn("性别", "gender", .word(["男": "male", "女": "female"]), isNeeded: false),
            SheetColumn("出生日期", "birthDate", .date, isNeeded: false), SheetColumn("联系电话", "mobile", .mobile),
            SheetColumn("村（社区）代码", "divisionCode", .code), SheetColumn("人才类别", "category", .text),
            SheetColumn("学历", "education", .text), SheetColumn("现居住地", "residence", .text),
            SheetColumn("专长", "skill", .text), SheetColumn("回引意愿", "willingness", .text),
        ],
        key: ["identityNumber"], references: [SheetReference("divisionCode", to: "01")], needsDivisions: true)

    // MARK: - community-pairing

    private static let units = SheetDescription(
        number: "14", title: "结对单位", service: .communityPairing, path: "/v1/units/bulk",
        columns: [
            SheetColumn("统一社会信用代码", "code", .code), SheetColumn("单位名称", "name", .text),
            SheetColumn(
                "类型", "kind",
                .word([
                    "县级机关": "government", "事业单位": "publicInstitution", "国有企业": "stateEnterprise",
                    "群团组织": "massOrganisation", "金融机构": "financialInstitution", "学校": "school", "医院": "hospital",
                ])),
            SheetColumn("优势", "strengths", .list), SheetColumn("党员人数", "memberCount", .integer),
            SheetColumn("联系人", "contactName", .text), SheetColumn("联系电话", "contactMobile", .mobile),
        ],
        key: ["code"])

    private static let pairings = SheetDescription(
        number: "16", title: "结对关系", service: .communityPairing, path: "/v1/pairings/bulk",
        columns: [
            SheetColumn("统一社会信用代码", "unitCode", .code), SheetColumn("区划代码", "targetCode", .code),
            SheetColumn("结对日期", "from", .date), SheetColumn("到期日期", "to", .date),
        ],
        key: ["unitCode", "targetCode"],
        references: [SheetReference("unitCode", to: "14"), SheetReference("targetCode", to: "01")],
        needsDivisions: true)

    /// The place of a word in an order; unknown ones come last, and the service says what is wrong with them.
    private static func order(_ words: [String], of value: FieldValue?) -> Int {
        value?.text.flatMap { words.firstIndex(of: $0) } ?? words.count
    }
}
