import Models

/// A Yurun Home station 雨润家园服务站 or a good-neighbour point 公益睦邻点.
package struct Station: Sendable, Hashable {
    /// Which one.
    package let id: StationID
    /// What is stated of it.
    package var stated: StatedStation
    /// Where it stands.
    package var state: StationState
    /// The year in which it opened; nil as long as it is planned.
    package var openedYear: Int?
    /// The day on which it opened, where it is known to the day.
    package var openedOn: CalendarDay?
    /// How often it has changed, from 1.
    package var version: Int

    /// Gathers the fields.
    package init(
        id: StationID, stated: StatedStation, state: StationState, openedYear: Int? = nil,
        openedOn: CalendarDay? = nil, version: Int = 1
    ) {
        self.id = id
        self.stated = stated
        self.state = state
        self.openedYear = openedYear
        self.openedOn = openedOn
        self.version = version
    }

    /// The first year of the stations (N24): none is older.
    package static let firstYear = 2019

    /// What readers of events learn of it.
    package var facts: StationFacts {
        StationFacts(
            stationID: id, code: stated.code, kind: stated.kind, divisionCode: stated.divisionCode, state: state,
            openedYear: openedYear, functions: stated.functions ?? [])
    }
}

/// What is stated of a station, apart from its way through time.
package struct StatedStation: Sendable, Hashable {
    /// The number that the county has given it.
    package var code: String
    /// Its name.
    package var name: String
    /// Station or neighbour point.
    package var kind: StationKind
    /// The division that it belongs to.
    package var divisionCode: DivisionCode
    /// Those of the six functions that it has; nil when nobody has said so.
    package var functions: [StationFunction]?
    /// What was merged into it; nil when nobody has said so.
    package var mergedFrom: [MergedPlace]?

    /// Gathers the fields.
    package init(
        code: String, name: String, kind: StationKind, divisionCode: DivisionCode,
        functions: [StationFunction]? = nil, mergedFrom: [MergedPlace]? = nil
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.divisionCode = divisionCode
        self.functions = functions
        self.mergedFrom = mergedFrom
    }
}
