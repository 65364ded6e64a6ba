import Models

/// The codes of faults that are found in stations, facilities, rooms and bookings.
extension RowFault.Code {
    /// A station that was closed.
    package static let stationClosed: RowFault.Code = "station-closed"
    /// A number that another station has.
    package static let codeTaken: RowFault.Code = "code-taken"
    /// A room whose kind is never booked (INV-18).
    package static let neverBookable: RowFault.Code = "never-bookable"
    /// A facility of another community, or none at all.
    package static let facilityUnknown: RowFault.Code = "facility-unknown"
    /// Opening hours that end before they begin, or overlap.
    package static let hoursInvalid: RowFault.Code = "hours-invalid"
    /// A time that ends before it begins, or is not of whole minutes.
    package static let timeInvalid: RowFault.Code = "time-invalid"
    /// A time that has passed or lies too far ahead.
    package static let timeNotBookable: RowFault.Code = "time-not-bookable"
    /// A time outside the room's opening hours (INV-18).
    package static let outsideHours: RowFault.Code = "outside-hours"
    /// More people than the room takes.
    package static let overCapacity: RowFault.Code = "over-capacity"
}
