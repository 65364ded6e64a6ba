import Models

/// A facility 场所: premises that rooms may lie in.
package struct Facility: Sendable, Hashable {
    /// Which one.
    package let id: FacilityID
    /// What is stated of it.
    package var stated: StatedFacility
    /// How often it has changed, from 1.
    package var version: Int

    /// Gathers the fields.
    package init(id: FacilityID, stated: StatedFacility, version: Int = 1) {
        self.id = id
        self.stated = stated
        self.version = version
    }

    /// What readers of events learn of it.
    package var facts: FacilityFacts {
        FacilityFacts(
            facilityID: id, divisionCode: stated.divisionCode, tenure: stated.tenure, provisionWay: stated.provisionWay,
            areaSquareMetres: stated.areaSquareMetres)
    }
}

/// What is stated of a facility.
package struct StatedFacility: Sendable, Hashable {
    /// The division that it lies in.
    package let divisionCode: DivisionCode
    /// Where it is.
    package let address: String
    /// By what right it is used.
    package let tenure: Tenure
    /// How it came to be.
    package let provisionWay: ProvisionWay?
    /// Its area in whole square metres.
    package let areaSquareMetres: Int?
    /// When it was built.
    package let builtOn: CalendarDay?

    /// Gathers the fields.
    package init(
        divisionCode: DivisionCode, address: String, tenure: Tenure, provisionWay: ProvisionWay?,
        areaSquareMetres: Int?, builtOn: CalendarDay?
    ) {
        self.divisionCode = divisionCode
        self.address = address
        self.tenure = tenure
        self.provisionWay = provisionWay
        self.areaSquareMetres = areaSquareMetres
        self.builtOn = builtOn
    }
}

/// A facility as a request states it, nothing checked yet.
package struct FacilityDraft: Decodable, Sendable {
    package var divisionCode: String?
    package var address: String?
    package var tenure: String?
    package var provisionWay: String?
    package var areaSquareMetres: Int?
    package var builtOn: String?

    /// Gathers the fields.
    package init(
        divisionCode: String?, address: String?, tenure: String?, provisionWay: String? = nil,
        areaSquareMetres: Int? = nil, builtOn: String? = nil
    ) {
        self.divisionCode = divisionCode
        self.address = address
        self.tenure = tenure
        self.provisionWay = provisionWay
        self.areaSquareMetres = areaSquareMetres
        self.builtOn = builtOn
    }

    /// The facility that the request states.
    ///
    /// - Throws: all faults of the request.
    package func checked(today: CalendarDay) throws(RowFaults) -> StatedFacility {
        var reader = RowReader()
        let division = reader.division(divisionCode, "divisionCode")
        let address = reader.text(address, "address", max: 200)
        let tenure = reader.choice(tenure, "tenure", of: Tenure.self)
        let way = reader.optionalChoice(provisionWay, "provisionWay", of: ProvisionWay.self)
        let area = reader.optionalCount(areaSquareMetres, "areaSquareMetres", max: 1_000_000)
        let builtOn = reader.optionalPastDay(builtOn, "builtOn", today: today)
        guard let division, let address, let tenure else { throw reader.rejection }
        return try reader.checked(
            StatedFacility(
                divisionCode: division, address: address, tenure: tenure, provisionWay: way, areaSquareMetres: area,
                builtOn: builtOn))
    }
}
