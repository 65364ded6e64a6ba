import Models

/// A county unit that reports to communities, without its contact person.
package struct Unit: Sendable, Hashable {
    /// The unified social credit code, its key.
    package let code: UnifiedSocialCreditCode
    /// The official name; an organisation's, not a person's.
    package let name: String
    /// The kind.
    package let kind: UnitKind
    /// What it is good at, for example 法律 or 医疗.
    package let strengths: [String]
    /// How many Party members it registered.
    package let memberCount: Int

    /// Gathers the fields.
    package init(code: UnifiedSocialCreditCode, name: String, kind: UnitKind, strengths: [String], memberCount: Int) {
        self.code = code
        self.name = name
        self.kind = kind
        self.strengths = strengths
        self.memberCount = memberCount
    }

    /// What readers know of it.
    package var facts: UnitFacts { UnitFacts(unitCode: code, kind: kind, memberCount: memberCount) }
}

extension UnitKind: DictionaryWord {
    package var chinese: String {
        switch self {
        case .government: "县级机关"
        case .publicInstitution: "事业单位"
        case .stateEnterprise: "国有企业"
        case .massOrganisation: "群团组织"
        case .financialInstitution: "金融机构"
        case .school: "学校"
        case .hospital: "医院"
        }
    }
}

/// The person of a unit whom communities call.
package struct UnitContact: Sendable, Hashable {
    /// The name.
    package let name: Personal<PersonName>
    /// The mobile number.
    package let mobile: Personal<String>

    /// Gathers the fields.
    package init(name: Personal<PersonName>, mobile: Personal<String>) {
        self.name = name
        self.mobile = mobile
    }
}

/// A sound row of units.
package struct UnitEnrolment: Sendable, Hashable {
    /// The unit.
    package let unit: Unit
    /// Whom communities call.
    package let contact: UnitContact

    /// Gathers the fields.
    package init(unit: Unit, contact: UnitContact) {
        self.unit = unit
        self.contact = contact
    }
}

/// The fields of a unit as a client sends them.
package struct UnitDraft: Decodable, Sendable {
    /// The unified social credit code.
    package var code: String?
    /// The name.
    package var name: String?
    /// The kind, by code or in Chinese.
    package var kind: String?
    /// What it is good at.
    package var strengths: [String]?
    /// How many Party members it registers.
    package var memberCount: Int?
    /// The contact person's name.
    package var contactName: String?
    /// The contact person's mobile number.
    package var contactMobile: String?

    /// Gathers the fields.
    package init(
        code: String?, name: String?, kind: String?, strengths: [String]?, memberCount: Int?, contactName: String?,
        contactMobile: String?
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.strengths = strengths
        self.memberCount = memberCount
        self.contactName = contactName
        self.contactMobile = contactMobile
    }

    /// Reads the fields.
    ///
    /// - Throws: all faults that the fields have by themselves. None of them quotes a personal value.
    package func checked() throws(RowFaults) -> UnitEnrolment {
        var reader = RowReader()
        let code = reader.creditCode(code, "code")
        let name = reader.text(name, "name", max: 100)
        let kind = reader.word(kind, "kind", of: UnitKind.self)
        let strengths = reader.strengths(strengths ?? [], "strengths")
        let memberCount = reader.count(memberCount, "memberCount", max: 1_000_000)
        let contactName = reader.personName(contactName, "contactName")
        let contactMobile = reader.mobile(contactMobile, "contactMobile")
        guard reader.isSound, let code, let name, let kind, let memberCount, let contactName, let contactMobile
        else { throw reader.rejection }
        return UnitEnrolment(
            unit: Unit(code: code, name: name, kind: kind, strengths: strengths, memberCount: memberCount),
            contact: UnitContact(name: Personal(contactName), mobile: Personal(contactMobile)))
    }
}

extension RowReader {
    /// Short words, blanks left out, each once, in the order of the row.
    mutating func strengths(_ values: [String], _ field: String) -> [String] {
        var words: [String] = []
        for value in values {
            guard let word = optionalText(value, field, max: 20), !words.contains(word) else { continue }
            words.append(word)
        }
        if words.count > 20 { add(.outOfRange(field, 0...20)) }
        return words
    }
}

extension RowFault {
    /// A unit that nobody has enrolled.
    package static func unitUnknown(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .referenceUnknown, "没有这个单位，请先导入结对单位表或核对统一社会信用代码",
            "there is no such unit; import the units first or check the unified social credit code")
    }
}
