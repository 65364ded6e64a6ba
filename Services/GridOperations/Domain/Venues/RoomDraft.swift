import Models

/// A room as a row of a sheet states it, nothing checked yet.
package struct RoomDraft: Decodable, Sendable {
    package var divisionCode: String?
    package var kind: String?
    package var name: String?
    package var areaSquareMetres: Int?
    package var tenure: String?
    package var capacity: Int?
    package var openTo: String?

    /// Gathers the fields.
    package init(
        divisionCode: String?, kind: String?, name: String? = nil, areaSquareMetres: Int? = nil,
        tenure: String? = nil, capacity: Int? = nil, openTo: String?
    ) {
        self.divisionCode = divisionCode
        self.kind = kind
        self.name = name
        self.areaSquareMetres = areaSquareMetres
        self.tenure = tenure
        self.capacity = capacity
        self.openTo = openTo
    }

    /// The room that the row states.
    ///
    /// - Throws: all faults of the row.
    package func checked() throws(RowFaults) -> StatedRoom {
        var reader = RowReader()
        let division = reader.community(divisionCode, "divisionCode")
        let kind = reader.choice(kind, "kind", of: RoomKind.self)
        let name = reader.optionalText(name, "name", max: 60) ?? kind?.chinese
        let area = reader.optionalCount(areaSquareMetres, "areaSquareMetres", max: 100_000)
        let tenure = reader.optionalChoice(tenure, "tenure", of: Tenure.self)
        let capacity = reader.capacity(capacity)
        let openTo = reader.choice(openTo, "openTo", of: RoomAudience.self)
        guard let division, let kind, let name, let openTo else { throw reader.rejection }
        return try reader.checked(
            StatedRoom(
                divisionCode: division, kind: kind, name: name, areaSquareMetres: area, tenure: tenure,
                capacity: capacity, openTo: openTo))
    }
}

/// What a request puts in the place of a room's particulars, nothing checked yet.
package struct RoomSettingsDraft: Decodable, Sendable {
    package var name: String?
    package var areaSquareMetres: Int?
    package var tenure: String?
    package var capacity: Int?
    package var openTo: String?
    package var facilityID: String?
    package var bookable: Bool?
    package var inUse: Bool?
    package var openingHours: OpeningHoursDraft?

    /// Gathers the fields.
    package init(
        name: String?, areaSquareMetres: Int? = nil, tenure: String? = nil, capacity: Int? = nil, openTo: String?,
        facilityID: String? = nil, bookable: Bool?, inUse: Bool? = nil, openingHours: OpeningHoursDraft? = nil
    ) {
        self.name = name
        self.areaSquareMetres = areaSquareMetres
        self.tenure = tenure
        self.capacity = capacity
        self.openTo = openTo
        self.facilityID = facilityID
        self.bookable = bookable
        self.inUse = inUse
        self.openingHours = openingHours
    }

    /// The particulars.
    ///
    /// - Throws: all faults of the request.
    package func checked() throws(RowFaults) -> RoomSettings {
        var reader = RowReader()
        let name = reader.text(name, "name", max: 60)
        let area = reader.optionalCount(areaSquareMetres, "areaSquareMetres", max: 100_000)
        let tenure = reader.optionalChoice(tenure, "tenure", of: Tenure.self)
        let capacity = reader.capacity(capacity)
        let openTo = reader.choice(openTo, "openTo", of: RoomAudience.self)
        let facility = FieldText.present(facilityID).flatMap {
            reader.value($0, "facilityID", form: ("UUID", "a UUID")) { FacilityID($0) }
        }
        if bookable == nil { reader.add(.required("bookable")) }
        let hours = (openingHours ?? OpeningHoursDraft(weekly: nil)).checked("openingHours", &reader)
        guard let name, let openTo, let bookable, let hours else { throw reader.rejection }
        return try reader.checked(
            RoomSettings(
                name: name, areaSquareMetres: area, tenure: tenure, capacity: capacity, openTo: openTo,
                facilityID: facility, isBookable: bookable, isInUse: inUse ?? true, hours: hours))
    }
}

/// The particulars of a room that a request puts in the place of what was there.
package struct RoomSettings: Sendable, Hashable {
    package let name: String
    package let areaSquareMetres: Int?
    package let tenure: Tenure?
    package let capacity: Int?
    package let openTo: RoomAudience
    package let facilityID: FacilityID?
    package let isBookable: Bool
    package let isInUse: Bool
    package let hours: OpeningHours
}

extension RowReader {
    fileprivate mutating func capacity(_ value: Int?) -> Int? {
        guard let value else { return nil }
        guard (1...10_000).contains(value) else {
            add(.outOfRange("capacity", 1...10_000))
            return nil
        }
        return value
    }
}
