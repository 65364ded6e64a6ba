import Foundation
import Hummingbird
import Models

/// A division in an answer.
struct DivisionBody: ResponseEncodable, Sendable {
    let code: String
    let name: String
    let level: DivisionLevel
    let parentCode: String?
    let kind: CommunityKind?
    let households: Int?

    init(_ division: Division) {
        code = division.code.digits
        name = division.name
        level = division.code.level
        parentCode = division.code.parent?.digits
        kind = division.kind
        households = division.households
    }
}

/// A grid in an answer, the boundary as well-known text.
struct GridBody: ResponseEncodable, Sendable {
    let code: String
    let name: String
    let level: GridLevel
    let parentCode: String
    let households: Int?
    let boundary: String
    let validFrom: CalendarDay?
    let validTo: CalendarDay?
    let successors: [GridCode]?

    init(_ recorded: RecordedGrid) {
        let grid = recorded.grid
        validFrom = recorded.validity.from
        validTo = recorded.validity.to
        successors = recorded.successors.isEmpty ? nil : recorded.successors
        code = grid.code.digits
        name = grid.name
        level = grid.code.level
        parentCode = grid.parentCode
        households = grid.households
        boundary = grid.boundary.wellKnownText
    }
}

/// Grids as a collection of features (RFC 7946), for maps.
struct GridFeatures: Encodable, Sendable {
    /// One grid.
    struct Feature: Encodable, Sendable {
        struct Properties: Encodable, Sendable {
            let name: String
            let level: GridLevel
            let parentCode: String
            let households: Int?
        }

        let type = "Feature"
        let id: String
        let geometry: GeoJSONPolygon
        let properties: Properties
    }

    let type = "FeatureCollection"
    let features: [Feature]

    /// How many grids a map is given at most: those of a town.
    static let most = 1000

    init(_ grids: [Grid]) {
        features = grids.map { grid in
            Feature(
                id: grid.code.digits, geometry: GeoJSONPolygon(grid.boundary),
                properties: Feature.Properties(
                    name: grid.name, level: grid.code.level, parentCode: grid.parentCode, households: grid.households))
        }
    }
}

/// The grid of a point in an answer.
struct GridPlaceBody: ResponseEncodable, Sendable {
    let code: String
    let level: GridLevel
    let areaCode: String
    let communityCode: String

    init(_ code: GridCode) {
        self.code = code.digits
        level = code.level
        areaCode = String(code.digits.prefix(15))
        communityCode = code.communityDigits
    }
}

/// A finding about a grid in an answer.
struct GridFindingBody: ResponseEncodable, Sendable {
    let finding: String
    let gridCode: String
    let missing: [GridRole]?
    let households: Int?
    let householdsMax: Int?

    init(_ finding: GridFinding) {
        self.finding = finding.kind.rawValue
        gridCode = finding.gridCode.digits
        missing = finding.missing.isEmpty ? nil : finding.missing
        households = finding.households
        householdsMax = finding.householdsMax
    }
}

/// The present staff of a grid in an answer.
struct GridStaffBody: ResponseEncodable, Sendable {
    /// One holding; the name is masked.
    struct Item: Encodable, Sendable {
        let id: GridAssignmentID
        let role: GridRole
        let personID: PersonID?
        let name: String?
        let teamCode: String?
        let startedAt: Date
        let endedAt: Date?
        let termTo: CalendarDay?
        let absentTo: CalendarDay?
        let substituteID: PersonID?
    }

    let gridCode: String
    let items: [Item]

    init(_ code: GridCode, _ staff: [GridAssignment]) {
        gridCode = code.digits
        items = staff.map { assignment in
            Item(
                id: assignment.facts.assignmentID, role: assignment.facts.role, personID: assignment.facts.personID,
                name: assignment.maskedName, teamCode: assignment.facts.teamCode, startedAt: assignment.startedAt,
                endedAt: assignment.endedAt, termTo: assignment.termTo, absentTo: assignment.absence?.to,
                substituteID: assignment.absence?.substitute)
        }
    }
}
