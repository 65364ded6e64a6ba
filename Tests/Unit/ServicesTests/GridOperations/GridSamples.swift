import Foundation
import GridOperationsService
import Models

/// Things of the grid service for tests.
enum GridSamples {
    static let area = code("532923100001001")
    static let group = code("53292310000100101")

    static func code(_ digits: String) -> GridCode {
        guard let code = GridCode(digits) else { preconditionFailure("no grid code") }
        return code
    }

    static func division(_ digits: String) -> DivisionCode {
        guard let code = DivisionCode(digits) else { preconditionFailure("no division code") }
        return code
    }

    static func day(_ text: String) -> CalendarDay {
        guard let day = CalendarDay(text) else { preconditionFailure("no day") }
        return day
    }

    static func position(_ longitude: Double, _ latitude: Double) -> Position {
        guard let position = Position(longitude: longitude, latitude: latitude) else {
            preconditionFailure("no position")
        }
        return position
    }

    /// A rectangle in thousandths of a degree from 100.5 east, 25.4 north.
    static func box(_ west: Int, _ south: Int, _ east: Int, _ north: Int) -> String {
        func x(_ value: Int) -> Double { 100.5 + Double(value) / 1000 }
        func y(_ value: Int) -> Double { 25.4 + Double(value) / 1000 }
        return "POLYGON((\(x(west)) \(y(south)),\(x(east)) \(y(south)),\(x(east)) \(y(north)),"
            + "\(x(west)) \(y(north)),\(x(west)) \(y(south))))"
    }

    static func grid(_ digits: String, _ boundary: String = box(0, 0, 10, 10), name: String = "第1责任区") throws -> Grid {
        Grid(code: code(digits), name: name, boundary: try GridBoundary(wellKnownText: boundary))
    }

    static func report(
        _ externalNumber: String? = nil, at moment: Date = Date(timeIntervalSince1970: 1_620_360_000),
        title: String = "消防通道堵塞"
    ) -> IncidentReport {
        IncidentReport(
            externalNumber: externalNumber, reportedAt: moment, function: .emergencyManagement, title: title,
            description: "群众反映，请尽快处理。", position: position(100.585306, 25.493974), source: .resident,
            urgency: .ordinary)
    }
}

extension [Numbered<RowOutcome>] {
    /// The rows that were accepted, in the order of the outcomes.
    var acceptedRows: [Int] { filter { $0.content == .accepted }.map(\.row) }
    /// The rows that said nothing new.
    var unchangedRows: [Int] { filter { $0.content == .unchanged }.map(\.row) }

    /// The faults of a row as `field:code`; empty when it was not rejected.
    func faults(ofRow row: Int) -> [String] {
        guard case .rejected(let faults) = first(where: { $0.row == row })?.content else { return [] }
        return faults.map { "\($0.field):\($0.code)" }
    }
}

extension RowFaults {
    /// The faults as `field:code`.
    var words: [String] { faults.map { "\($0.field):\($0.code)" } }
}
