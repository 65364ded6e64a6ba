import Models

/// A room of a community's venue 功能室.
package struct Room: Sendable, Hashable {
    /// Which one.
    package let id: RoomID
    /// What a row or a request states of it.
    package var stated: StatedRoom
    /// The facility that it lies in, if stated.
    package var facilityID: FacilityID?
    /// The tenure of that facility.
    package var facilityTenure: Tenure?
    /// Whether it can be booked; never for archive and finance rooms (INV-18).
    package var isBookable: Bool
    /// Whether it is in use.
    package var isInUse: Bool
    /// When it is open.
    package var hours: OpeningHours
    /// How often it has changed, from 1.
    package var version: Int

    /// Gathers the fields.
    package init(
        id: RoomID, stated: StatedRoom, facilityID: FacilityID? = nil, facilityTenure: Tenure? = nil,
        isBookable: Bool, isInUse: Bool = true, hours: OpeningHours = OpeningHours(), version: Int = 1
    ) {
        self.id = id
        self.stated = stated
        self.facilityID = facilityID
        self.facilityTenure = facilityTenure
        self.isBookable = isBookable
        self.isInUse = isInUse
        self.hours = hours
        self.version = version
    }

    /// By what right it is used: its own statement, or else that of its facility.
    package var tenure: Tenure? { stated.tenure ?? facilityTenure }

    /// What readers of events learn of it.
    package var facts: RoomFacts {
        RoomFacts(
            roomID: id, divisionCode: stated.divisionCode, kind: stated.kind, openTo: stated.openTo,
            isBookable: isBookable, isInUse: isInUse, capacity: stated.capacity, tenure: tenure,
            areaSquareMetres: stated.areaSquareMetres)
    }
}

/// What is stated of a room in a sheet.
package struct StatedRoom: Sendable, Hashable {
    /// The community that it belongs to.
    package var divisionCode: DivisionCode
    /// What it is for.
    package var kind: RoomKind
    /// Its name, one in the community.
    package var name: String
    /// Its area in whole square metres.
    package var areaSquareMetres: Int?
    /// By what right it is used.
    package var tenure: Tenure?
    /// How many people it takes.
    package var capacity: Int?
    /// Whom it is open to.
    package var openTo: RoomAudience

    /// Gathers the fields.
    package init(
        divisionCode: DivisionCode, kind: RoomKind, name: String, areaSquareMetres: Int? = nil,
        tenure: Tenure? = nil, capacity: Int? = nil, openTo: RoomAudience
    ) {
        self.divisionCode = divisionCode
        self.kind = kind
        self.name = name
        self.areaSquareMetres = areaSquareMetres
        self.tenure = tenure
        self.capacity = capacity
        self.openTo = openTo
    }

    /// Whether a room of which nobody has said so can be booked: one that residents may use, of a kind that is booked.
    package var isBookableByDefault: Bool { openTo == .resident && kind.isEverBookable }

    /// By what it is found again.
    package var key: RoomKey { RoomKey(divisionCode: divisionCode, name: name) }
}

/// By what a room is found again: its name in its community.
package struct RoomKey: Sendable, Hashable {
    package let divisionCode: DivisionCode
    package let name: String

    /// Gathers both.
    package init(divisionCode: DivisionCode, name: String) {
        self.divisionCode = divisionCode
        self.name = name
    }
}

extension RoomKind {
    /// The word that people use, and the name of a room that has no other.
    package var chinese: String {
        switch self {
        case .peopleService: "为民服务站"
        case .meeting: "“两委”会议室"
        case .memberActivity: "党员活动室"
        case .mediation: "纠纷调解室"
        case .duty: "值班室"
        case .archive: "档案室"
        case .finance: "财务室"
        case .other: "其他"
        }
    }
}
