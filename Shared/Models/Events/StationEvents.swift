/// What readers know of a station or neighbour point.
package struct StationFacts: Codable, Sendable, Equatable {
    /// Which one.
    package var stationID: StationID
    /// The number that the county has given it.
    package var code: String
    /// Station or neighbour point.
    package var kind: StationKind
    /// The division that it belongs to.
    package var divisionCode: DivisionCode
    /// The state after the event.
    package var state: StationState
    /// The year in which it opened; nil as long as it is planned.
    package var openedYear: Int?
    /// Those of the six functions that are stated.
    package var functions: [StationFunction]

    /// Gathers the facts.
    package init(
        stationID: StationID, code: String, kind: StationKind, divisionCode: DivisionCode, state: StationState,
        openedYear: Int? = nil, functions: [StationFunction] = []
    ) {
        self.stationID = stationID
        self.code = code
        self.kind = kind
        self.divisionCode = divisionCode
        self.state = state
        self.openedYear = openedYear
        self.functions = functions
    }
}

/// An event about a station or neighbour point; every one carries it as it is after the event.
package protocol StationEvent: EventPayload {
    /// What it is after the event.
    var station: StationFacts { get }
    /// Wraps the facts.
    init(station: StationFacts)
}

extension StationEvent {
    package static var topic: Topic { .station }
    package var aggregateID: String { station.stationID.description }
    package var divisionCode: DivisionCode? { station.divisionCode }
}

/// A station or neighbour point is planned.
package struct StationPlanned: StationEvent {
    package static let name = "StationPlanned"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}

/// A station or neighbour point opened (EV-22).
package struct StationOpened: StationEvent {
    package static let name = "StationOpened"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}

/// A station's particulars changed, or its upgrade began.
package struct StationChanged: StationEvent {
    package static let name = "StationChanged"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}

/// A station opened again after an upgrade of its functions (EV-22).
package struct StationUpgraded: StationEvent {
    package static let name = "StationUpgraded"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}

/// A station or neighbour point was closed (EV-22).
package struct StationClosed: StationEvent {
    package static let name = "StationClosed"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}

/// The present state of a station, said again for readers that came late.
package struct StationStated: StationEvent {
    package static let name = "StationStated"
    package var station: StationFacts
    package init(station: StationFacts) { self.station = station }
}
