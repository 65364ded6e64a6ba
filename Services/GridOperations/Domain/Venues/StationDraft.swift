import Models

/// A station as a row or a request states it, nothing checked yet.
package struct StationDraft: Decodable, Sendable {
    package var code: String?
    package var name: String?
    package var kind: String?
    package var divisionCode: String?
    package var openedYear: Int?
    package var functions: [String]?
    package var mergedFrom: [String]?

    /// Gathers the fields.
    package init(
        code: String?, name: String?, kind: String?, divisionCode: String?, openedYear: Int? = nil,
        functions: [String]? = nil, mergedFrom: [String]? = nil
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.divisionCode = divisionCode
        self.openedYear = openedYear
        self.functions = functions
        self.mergedFrom = mergedFrom
    }

    /// The station that a request plans.
    ///
    /// - Throws: all faults of the request.
    package func planned() throws(RowFaults) -> StatedStation {
        var reader = RowReader()
        if openedYear != nil {
            reader.add(
                "openedYear", .notApplicable, "规划中的阵地还没有建成年份，请清空，启用时再填",
                "a station that is planned has no year yet; clear it, and say so when it opens")
        }
        let stated = stated(&reader)
        return try reader.checked(stated)
    }

    /// The open station that a row of a sheet states.
    ///
    /// - Parameter today: a station of the future is refused.
    /// - Throws: all faults of the row.
    package func opened(today: CalendarDay) throws(RowFaults) -> OpenedStation {
        var reader = RowReader()
        let stated = stated(&reader)
        let years = Station.firstYear...max(Station.firstYear, today.year)
        if let openedYear {
            if !years.contains(openedYear) { reader.add(.outOfRange("openedYear", years)) }
        } else {
            reader.add(.required("openedYear"))
        }
        guard let stated, let openedYear else { throw reader.rejection }
        return try reader.checked(OpenedStation(stated: stated, openedYear: openedYear))
    }

    private func stated(_ reader: inout RowReader) -> StatedStation? {
        let code = reader.code(code, "code")
        let name = reader.text(name, "name", max: 100)
        let kind = reader.choice(kind, "kind", of: StationKind.self)
        let division = reader.division(divisionCode, "divisionCode")
        let functions = reader.set(functions, "functions", of: StationFunction.self)
        let mergedFrom = reader.set(mergedFrom, "mergedFrom", of: MergedPlace.self)
        guard let code, let name, let kind, let division else { return nil }
        return StatedStation(
            code: code, name: name, kind: kind, divisionCode: division, functions: functions, mergedFrom: mergedFrom)
    }
}

/// A station that a row says is open.
package struct OpenedStation: Sendable, Hashable {
    /// What is stated of it.
    package let stated: StatedStation
    /// The year in which it opened.
    package let openedYear: Int
}

/// An order to a station as a request states it, nothing checked yet.
package struct StationCommandDraft: Decodable, Sendable {
    package var openedOn: String?
    package var functions: [String]?
    package var mergedFrom: [String]?

    /// Gathers the fields.
    package init(openedOn: String? = nil, functions: [String]? = nil, mergedFrom: [String]? = nil) {
        self.openedOn = openedOn
        self.functions = functions
        self.mergedFrom = mergedFrom
    }

    /// The order.
    ///
    /// - Parameter today: the day of opening where none is stated.
    /// - Throws: all faults of the request.
    package func checked(_ action: StationAction, today: CalendarDay) throws(RowFaults) -> StationCommand {
        var reader = RowReader()
        let day = reader.optionalPastDay(openedOn, "openedOn", today: today) ?? today
        if day.year < Station.firstYear {
            reader.add(.outOfRange("openedOn", Station.firstYear...max(Station.firstYear, today.year)))
        }
        let functions = reader.set(functions, "functions", of: StationFunction.self)
        let mergedFrom = reader.set(mergedFrom, "mergedFrom", of: MergedPlace.self)
        let command: StationCommand =
            switch action {
            case .open: .open(on: day, functions: functions, mergedFrom: mergedFrom)
            case .upgrade: .upgrade
            case .close: .close
            }
        return try reader.checked(command)
    }
}

extension RowReader {
    /// Words of an enumeration, each once and in its order; nil when the field is absent.
    mutating func set<Word: CaseIterable & RawRepresentable & Hashable>(
        _ values: [String]?, _ field: String, of type: Word.Type
    ) -> [Word]? where Word.RawValue == String {
        guard let values else { return nil }
        let words = Set(values.compactMap(Word.init(rawValue:)))
        guard words.count == Set(values).count else {
            let known = Word.allCases.map(\.rawValue)
            add(.unknownWord(field, chinese: known, english: known))
            return nil
        }
        return Word.allCases.filter(words.contains)
    }
}
