import Models

/// Decides what rows of stations change: the division must exist, both it and that of the known station lie in the
/// sender's scope, and a station that was closed stays closed.
package struct StationIntake: Sendable {
    /// What became of each row.
    package private(set) var outcomes: [Numbered<RowOutcome>] = []
    /// Stations to write, new and changed, each with its event.
    package private(set) var changes: [StationChange] = []
    private let known: [String: Station]
    private let divisions: Set<DivisionCode>
    private let scope: ScopeFilter

    /// Decides over rows, each with a code of its own.
    ///
    /// - Parameters:
    ///   - known: the stored stations among those of the rows, by code.
    ///   - divisions: those of the rows' divisions that are known.
    ///   - scope: where known stations must lie.
    ///   - makeID: makes the id of a new station.
    package init(
        _ rows: [Numbered<OpenedStation>], known: [String: Station], divisions: Set<DivisionCode>, scope: ScopeFilter,
        makeID: () -> StationID = { .new() }
    ) {
        self.known = known
        self.divisions = divisions
        self.scope = scope
        for row in rows {
            if let fault = fault(of: row.content.stated) {
                outcomes.append(Numbered(row: row.row, .rejected([fault])))
                continue
            }
            let change = change(row.content, makeID)
            if let change { changes.append(change) }
            outcomes.append(Numbered(row: row.row, change == nil ? .unchanged : .accepted))
        }
    }

    private func fault(of stated: StatedStation) -> RowFault? {
        guard divisions.contains(stated.divisionCode) else { return .divisionUnknown("divisionCode") }
        guard let station = known[stated.code] else { return nil }
        guard scope.contains(station.stated.divisionCode) else { return .outsideScope("code") }
        guard station.state != .closed else {
            return RowFault(
                field: "code", code: .stationClosed, "该阵地已撤销，不再导入，请核对编号",
                "this station was closed and is no longer imported; check the number")
        }
        return nil
    }

    private func change(_ row: OpenedStation, _ makeID: () -> StationID) -> StationChange? {
        guard var station = known[row.stated.code] else {
            let station = Station(id: makeID(), stated: row.stated, state: .open, openedYear: row.openedYear)
            return StationChange(station: station, event: StationOpened(station: station.facts))
        }
        let before = station
        station.stated = row.stated
        // What a sheet has no column for stays as somebody has stated it.
        station.stated.functions = row.stated.functions ?? before.stated.functions
        station.stated.mergedFrom = row.stated.mergedFrom ?? before.stated.mergedFrom
        station.openedYear = row.openedYear
        if station.openedOn?.year != row.openedYear { station.openedOn = nil }
        if station.state == .planned { station.state = .open }
        guard station != before else { return nil }
        station.version += 1
        let event: any StationEvent =
            before.state == .planned
            ? StationOpened(station: station.facts) : StationChanged(station: station.facts)
        return StationChange(station: station, event: event)
    }
}
