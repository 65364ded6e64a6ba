import Foundation
import Hummingbird
import Models

/// A station in an answer.
struct StationBody: ResponseEncodable, Sendable {
    let id: StationID
    let code: String
    let name: String
    let kind: StationKind
    let divisionCode: String
    let state: StationState
    let openedYear: Int?
    let openedOn: CalendarDay?
    let functions: [StationFunction]?
    let mergedFrom: [MergedPlace]?
    let version: Int

    init(_ station: Station) {
        id = station.id
        code = station.stated.code
        name = station.stated.name
        kind = station.stated.kind
        divisionCode = station.stated.divisionCode.digits
        state = station.state
        openedYear = station.openedYear
        openedOn = station.openedOn
        functions = station.stated.functions
        mergedFrom = station.stated.mergedFrom
        version = station.version
    }
}

/// A facility in an answer.
struct FacilityBody: ResponseEncodable, Sendable {
    let id: FacilityID
    let divisionCode: String
    let address: String
    let tenure: Tenure
    let provisionWay: ProvisionWay?
    let areaSquareMetres: Int?
    let builtOn: CalendarDay?
    let version: Int

    init(_ facility: Facility) {
        id = facility.id
        divisionCode = facility.stated.divisionCode.digits
        address = facility.stated.address
        tenure = facility.stated.tenure
        provisionWay = facility.stated.provisionWay
        areaSquareMetres = facility.stated.areaSquareMetres
        builtOn = facility.stated.builtOn
        version = facility.version
    }
}

/// A room in an answer.
struct RoomBody: ResponseEncodable, Sendable {
    let id: RoomID
    let divisionCode: String
    let facilityID: FacilityID?
    let kind: RoomKind
    let name: String
    let areaSquareMetres: Int?
    /// Its own, or that of its facility.
    let tenure: Tenure?
    let capacity: Int?
    let openTo: RoomAudience
    let bookable: Bool
    let inUse: Bool
    let openingHours: OpeningHours
    let version: Int

    init(_ room: Room) {
        id = room.id
        divisionCode = room.stated.divisionCode.digits
        facilityID = room.facilityID
        kind = room.stated.kind
        name = room.stated.name
        areaSquareMetres = room.stated.areaSquareMetres
        tenure = room.tenure
        capacity = room.stated.capacity
        openTo = room.stated.openTo
        bookable = room.isBookable
        inUse = room.isInUse
        openingHours = room.hours
        version = room.version
    }
}

/// A finding about places in an answer.
struct VenueFindingBody: ResponseEncodable, Sendable {
    let finding: String
    let divisionCode: String
    /// The room or station.
    let subject: String?
    /// The kinds of rooms that are missing.
    let missing: [RoomKind]?

    init(_ finding: VenueFinding) {
        self.finding = finding.kind.rawValue
        divisionCode = finding.divisionCode.digits
        subject = finding.subject
        missing = finding.missing.isEmpty ? nil : finding.missing
    }
}
