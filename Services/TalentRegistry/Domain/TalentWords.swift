import Models

/// What a talent is counted as.
package enum TalentCategory: String, DictionaryWord, Codable {
    case incomeLeader
    case returningEntrepreneur
    case veteran
    case graduate
    case migrantWorker
    case professional
    case ruralTeacherOrDoctor
    case cooperativeHead
    case other

    package var chinese: String {
        switch self {
        case .incomeLeader: "致富带头人"
        case .returningEntrepreneur: "返乡创业人员"
        case .veteran: "退役军人"
        case .graduate: "大学毕业生"
        case .migrantWorker: "外出务工经商人员"
        case .professional: "专业技术人员"
        case .ruralTeacherOrDoctor: "乡村医生教师"
        case .cooperativeHead: "合作社负责人"
        case .other: "其他"
        }
    }
}

/// The highest education.
package enum Education: String, DictionaryWord, Codable {
    case primary
    case juniorSecondary
    case seniorSecondary
    case vocationalSecondary
    case college
    case bachelor
    case postgraduate

    package var chinese: String {
        switch self {
        case .primary: "小学"
        case .juniorSecondary: "初中"
        case .seniorSecondary: "高中"
        case .vocationalSecondary: "中专"
        case .college: "大专"
        case .bachelor: "本科"
        case .postgraduate: "研究生"
        }
    }
}

/// Where a talent lives at present, coarsely.
package enum Residence: String, DictionaryWord, Codable {
    case village
    case county
    case prefecture
    case province
    case elsewhere

    package var chinese: String {
        switch self {
        case .village: "本村"
        case .county: "县内"
        case .prefecture: "州内"
        case .province: "省内"
        case .elsewhere: "省外"
        }
    }
}

/// Whether a talent would come back.
package enum Willingness: String, DictionaryWord, Codable {
    case willing
    case considering
    case notNow

    package var chinese: String {
        switch self {
        case .willing: "愿意"
        case .considering: "考虑中"
        case .notNow: "暂不"
        }
    }
}

/// The gender that the identity card states.
package enum Gender: String, DictionaryWord, Codable {
    case male
    case female

    package var chinese: String {
        switch self {
        case .male: "男"
        case .female: "女"
        }
    }
}
