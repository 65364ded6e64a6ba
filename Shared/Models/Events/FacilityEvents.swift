/// What readers know of a facility.
package struct FacilityFacts: Codable, Sendable, Equatable {
    /// Which one.
    package var facilityID: FacilityID
    /// The division that it lies in.
    package var divisionCode: DivisionCode
    /// By what right it is used.
    package var tenure: Tenure
    /// How it came to be, if stated.
    package var provisionWay: ProvisionWay?
    /// Its area in whole square metres, if stated.
    package var areaSquareMetres: Int?

    /// Gathers the facts.
    package init(
        facilityID: FacilityID, divisionCode: DivisionCode, tenure: Tenure, provisionWay: ProvisionWay? = nil,
        areaSquareMetres: Int? = nil
    ) {
        self.facilityID = facilityID
        self.divisionCode = divisionCode
        self.tenure = tenure
        self.provisionWay = provisionWay
        self.areaSquareMetres = areaSquareMetres
    }
}

/// An event about a facility; every one carries it as it is after the event.
package protocol FacilityEvent: EventPayload {
    /// What it is after the event.
    var facility: FacilityFacts { get }
    /// Wraps the facts.
    init(facility: FacilityFacts)
}

extension FacilityEvent {
    package static var topic: Topic { .facility }
    package var aggregateID: String { facility.facilityID.description }
    package var divisionCode: DivisionCode? { facility.divisionCode }
}

/// A facility was entered for the first time.
package struct FacilityRegistered: FacilityEvent {
    package static let name = "FacilityRegistered"
    package var facility: FacilityFacts
    package init(facility: FacilityFacts) { self.facility = facility }
}

/// A facility's tenure, provision way or area changed.
package struct FacilityChanged: FacilityEvent {
    package static let name = "FacilityChanged"
    package var facility: FacilityFacts
    package init(facility: FacilityFacts) { self.facility = facility }
}

/// The present state of a facility, said again for readers that came late.
package struct FacilityStated: FacilityEvent {
    package static let name = "FacilityStated"
    package var facility: FacilityFacts
    package init(facility: FacilityFacts) { self.facility = facility }
}
