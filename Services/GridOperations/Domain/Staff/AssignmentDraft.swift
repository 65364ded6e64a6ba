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
    package func checked() throws(RowFaults) -> StatedAssignment {
        var reader = RowReader()
        let gridCode = reader.value(self.gridCode, "gridCode", form: ("15 或 17 位数字", "15 or 17 digits")) {
            GridCode($0)
        }
        let role = reader.choice(self.role, "role", of: GridRole.self)
        if let gridCode, let role, role.level != gridCode.level {
            reader.add(
                "role", .roleLevel, "社区干部、网格党小组长、党员志愿者属于服务小组，网格员、网格警、志愿者队伍属于责任区，请核对角色或网格编码",
                "cadre, Party-group leader and volunteers belong to groups; grid worker, police and team to areas; check both"
            )
        }
        let holder = role.flatMap { $0 == .volunteerTeam ? team(&reader) : person(&reader) }
        guard let gridCode, let role, let holder else { throw RowFaults(reader.faults) }
        return try reader.checked(StatedAssignment(gridCode: gridCode, role: role, holder: holder))
    }

    private func team(_ reader: inout RowReader) -> StatedHolder? {
        for (value, field) in [(identityNumber, "identityNumber"), (name, "name"), (mobile, "mobile")]
        where FieldText.present(value) != nil {
            reader.add(
                field, .notApplicable, "志愿者队伍只填队伍编号，请清空", "a volunteer team has a team code only; clear it")
        }
        return reader.code(teamCode, "teamCode").map { .team($0) }
    }

    private func person(_ reader: inout RowReader) -> StatedHolder? {
        if FieldText.present(teamCode) != nil {
            reader.add(
                "teamCode", .notApplicable, "只有志愿者队伍填写队伍编号，请清空", "only a volunteer team has a team code; clear it")
        }
        let number = reader.identityNumber(identityNumber, "identityNumber")?.number
        let name = reader.personName(self.name, "name")
        let mobile = reader.optionalMobile(self.mobile, "mobile")
        guard let number, let name else { return nil }
        return .person(
            StatedPerson(
                identityNumber: Personal(number),
                details: PersonDetails(name: Personal(name), mobile: mobile.map(Personal.init))))
    }
}
