import Foundation
import Models

/// The nearest grid to a point that lies in none.
package struct NearestGrid: Sendable, Hashable {
    /// Its code.
    package let code: GridCode
    /// Metres from the point to its boundary.
    package let metres: Int

    /// Gathers the fields.
    package init(code: GridCode, metres: Int) {
        self.code = code
        self.metres = metres
    }
}

/// Where a point lies.
package enum GridPlace: Sendable, Hashable {
    /// In a grid; the smallest one around it.
    case inside(GridCode)
    /// In none; the nearest grid, if there is any grid at all.
    case outside(nearest: NearestGrid?)
}

/// A row of an old sheet with the grid that its point lies in.
package struct PlacedReport: Sendable, Hashable {
    /// What the row says; it has an external number.
    package let report: IncidentReport
    /// Where its point lies.
    package let place: GridPlace

    /// Joins both.
    package init(report: IncidentReport, place: GridPlace) {
        self.report = report
        self.place = place
    }
}

/// Decides what rows of old incidents change.
///
/// A row whose number is known corrects that incident as long as nobody has begun to handle it; afterwards it is refused.
package struct HistoricalIntake: Sendable {
    private var intake: Intake<String, IncidentReport>
    private var places: [String: GridCode] = [:]
    private let known: [String: Incident]
    private let scope: ScopeFilter

    /// What became of each row.
    package var outcomes: [Numbered<RowOutcome>] { intake.outcomes }

    /// Decides over rows.
    ///
    /// - Parameters:
    ///   - known: the stored incidents with one of the rows' numbers, by that number.
    ///   - scope: where points and known incidents must lie.
    package init(_ rows: [Numbered<PlacedReport>], known: [String: Incident], scope: ScopeFilter) {
        self.known = known
        self.scope = scope
        intake = Intake(known: known.mapValues(\.report))
        for row in rows { take(row) }
    }

    /// Reports of new incidents with their grids, in the order of the rows.
    package var created: [(report: IncidentReport, grid: GridCode)] {
        intake.created.compactMap { report in
            report.externalNumber.flatMap { places[$0] }.map { (report, $0) }
        }
    }

    /// Known incidents with their corrected reports; the number that people quote stays.
    package var corrected: [Incident] {
        intake.changed.compactMap { report in
            guard var incident = report.externalNumber.flatMap({ known[$0] }) else { return nil }
            incident.report = report
            incident.gridCode = report.externalNumber.flatMap { places[$0] } ?? incident.gridCode
            incident.version += 1
            return incident
        }
    }

    private mutating func take(_ row: Numbered<PlacedReport>) {
        let report = row.content.report
        // A checked row of a sheet has a number.
        guard let number = report.externalNumber else { return }
        guard case .inside(let grid) = row.content.place else {
            return intake.reject(row.row, Self.outside(row.content.place))
        }
        guard scope.contains(grid) else { return intake.reject(row.row, .outsideScope("longitude")) }
        if let incident = known[number], !scope.contains(incident.gridCode) {
            return intake.reject(row.row, .outsideScope("externalNumber"))
        }
        if let incident = known[number], incident.state != .reported, incident.report != report {
            let fault = RowFault(
                field: "externalNumber", code: .alreadyInHandling, "该编号的事件已在办理，内容不同的行不再导入，请在系统中办理",
                "the incident of this number is being handled; a row with other content is no longer imported")
            return intake.reject(row.row, fault)
        }
        places[number] = grid
        intake.take(Numbered(row: row.row, report), key: number)
    }

    private static func outside(_ place: GridPlace) -> RowFault {
        guard case .outside(let nearest?) = place else {
            return RowFault(
                field: "longitude", code: .incidentOutsideGrids, "经纬度不在任何网格内，且尚无网格，请先导入网格",
                "the point lies in no grid, and there is none yet; import the grids first")
        }
        return RowFault(
            field: "longitude", code: .incidentOutsideGrids,
            "经纬度不在任何网格内，最近的网格是 \(nearest.code)（约 \(nearest.metres) 米），请核对",
            "the point lies in no grid; the nearest is \(nearest.code), about \(nearest.metres) m away; check it")
    }
}
