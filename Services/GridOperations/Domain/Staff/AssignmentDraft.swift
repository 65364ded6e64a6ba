import Models

/// A holding of a role as a row states it, nothing checked yet.
package struct AssignmentDraft: Decodable, Sendable {
    package var gridCode: String?
    package var role: String?
    package var identityNumber: String?
    package var name: String?
    package var mobile: String?
    package var teamCode: String?

    /// Gathers the fields.
    package init(
        gridCode: String?, role: String?, identityNumber: String? = nil, name: String? = nil, mobile: String? = nil,
        teamCode: String? = nil
    ) {
        self.gridCode = gridCode
        self.role = role
        self.identityNumber = identityNumber
        self.name = name
        self.mobile = mobile
        self.teamCode = teamCode
    }

    /// The holding that the row states.
    ///
    /// - Throws: all faults of the row; none of them quotes a personal value.
    package func checked() throws(FieldFaults) -> StatedAssignment {
        var reader = FieldReader()
        let gridCode = reader.value(self.gridCode, .staffedGrid, form: ("15 或 17 位数字", "15 or 17 digits")) {
            GridCode($0)
        }
        let role = reader.choice(self.role, .role, as: GridRole.self)
        if let gridCode, let role, role.level != gridCode.level {
            reader.add(
                .role, .roleLevel, "社区干部、网格党小组长、党员志愿者属于服务小组，网格员、网格警、志愿者队伍属于责任区，请核对角色或网格编码",
                "cadre, Party-group leader and volunteers belong to groups; grid worker, police and team to areas; check both"
            )
        }
        let holder = role.flatMap { $0 == .volunteerTeam ? team(&reader) : person(&reader) }
        guard let gridCode, let role, let holder else { throw FieldFaults(reader.faults) }
        return try reader.checked(StatedAssignment(gridCode: gridCode, role: role, holder: holder))
    }

    private func team(_ reader: inout FieldReader) -> StatedHolder? {
        for (value, field) in [(identityNumber, FieldName.identityNumber), (name, .personName), (mobile, .mobile)]
        where FieldReader.cleaned(value) != nil {
            reader.add(
                field, .notApplicable, "志愿者队伍只填队伍编号，请清空\(field.chinese)",
                "a volunteer team has a team code only; clear the \(field.english)")
        }
        return reader.value(teamCode, .teamCode, form: ("1 到 40 个字母、数字、-、_", "1 to 40 letters, digits, - or _")) {
            text in
            let isCode =
                text.utf8.count <= 40
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
            return isCode ? .team(text) : nil
        }
    }

    private func person(_ reader: inout FieldReader) -> StatedHolder? {
        if FieldReader.cleaned(teamCode) != nil {
            reader.add(
                .teamCode, .notApplicable, "只有志愿者队伍填写队伍编号，请清空", "only a volunteer team has a team code; clear it")
        }
        let number = identityNumber(&reader)
        let name = reader.text(self.name, .personName, lengthMax: 50)
        var mobile: String?
        if FieldReader.cleaned(self.mobile) != nil {
            mobile = reader.value(
                self.mobile, .mobile, form: ("11 位手机号码", "a mobile number of 11 digits"), MobileNumber.check)
        }
        guard let number, let name else { return nil }
        return .person(StatedPerson(identityNumber: number, details: PersonDetails(name: name, mobile: mobile)))
    }

    private func identityNumber(_ reader: inout FieldReader) -> String? {
        guard let text = FieldReader.cleaned(identityNumber) else {
            reader.add(.identityNumber, .required, "缺少公民身份号码，请补填", "the identity number is missing; fill it in")
            return nil
        }
        do throws(CitizenIdentityNumber.Fault) {
            return try CitizenIdentityNumber.check(text)
        } catch {
            let (code, chinese, english) = Self.describe(error)
            reader.add(.identityNumber, code, chinese, english)
            return nil
        }
    }

    private static func describe(_ fault: CitizenIdentityNumber.Fault) -> (FieldFault.Code, String, String) {
        switch fault {
        case .length:
            (
                .malformed, "公民身份号码应为 18 位，请按证件补全（不再接受 15 位号码）",
                "the identity number must have 18 characters; complete it (15 digits are no longer accepted)"
            )
        case .character:
            (
                .malformed, "公民身份号码含有其他字符，请把该列设为文本后重新填写",
                "the identity number holds other characters; make the column text and enter it again"
            )
        case .birthDate:
            (
                .malformed, "公民身份号码中的出生日期不存在，请按证件核对",
                "the date of birth in the identity number does not exist; check it against the document"
            )
        case .checkCharacter:
            (
                .checkDigit, "公民身份号码校验位不对，请核对最后几位（可能被 Excel 改成 0）",
                "the check character of the identity number is wrong; check the last digits (Excel may have made them 0)"
            )
        }
    }
}

extension FieldName {
    static let staffedGrid = FieldName("gridCode", "网格编码", "grid code")
    static let role = FieldName("role", "角色", "role")
    static let identityNumber = FieldName("identityNumber", "公民身份号码", "identity number")
    static let personName = FieldName("name", "姓名", "name")
    static let mobile = FieldName("mobile", "联系电话", "mobile number")
    static let teamCode = FieldName("teamCode", "队伍编号", "team code")
}
