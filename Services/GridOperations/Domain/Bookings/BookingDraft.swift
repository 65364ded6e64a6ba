import Foundation
import Models

/// A booking as a request states it, nothing checked yet.
package struct BookingDraft: Decodable, Sendable {
    package var roomID: String?
    package var from: Date?
    package var to: Date?
    package var purpose: String?
    package var headcount: Int?
    package var contactName: String?
    package var contactMobile: String?
    package var organisation: String?
    /// Whether to wait when the time is taken.
    package var waitIfTaken: Bool?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(
        roomID: String?, from: Date?, to: Date?, purpose: String?, headcount: Int?, contactName: String?,
        contactMobile: String? = nil, organisation: String? = nil, waitIfTaken: Bool? = nil, textConfirmed: Bool? = nil
    ) {
        self.roomID = roomID
        self.from = from
        self.to = to
        self.purpose = purpose
        self.headcount = headcount
        self.contactName = contactName
        self.contactMobile = contactMobile
        self.organisation = organisation
        self.waitIfTaken = waitIfTaken
        self.textConfirmed = textConfirmed
    }

    /// How far ahead a room can be booked.
    package static let daysAheadMax = 90

    /// The request.
    ///
    /// - Throws: all faults; none of them quotes a personal value.
    package func checked(at moment: Date) throws(RowFaults) -> BookingRequest {
        var reader = RowReader()
        let room = reader.value(roomID, "roomID", form: ("UUID", "a UUID")) { RoomID($0) }
        let time = time(&reader, at: moment)
        let purpose = PersonalNumberRule.checked(
            reader.text(purpose, "purpose", max: 200), "purpose", isConfirmed: textConfirmed, &reader)
        let headcount = headcount(&reader)
        let name = reader.personName(contactName, "contactName")
        let mobile = reader.optionalMobile(contactMobile, "contactMobile")
        let organisation = FieldText.present(organisation).flatMap { reader.creditCode($0, "organisation") }
        guard let room, let time, let purpose, let headcount, let name else { throw reader.rejection }
        return try reader.checked(
            BookingRequest(
                roomID: room, time: time, purpose: purpose, headcount: headcount,
                contact: BookingContact(name: Personal(name), mobile: mobile.map(Personal.init)),
                organisation: organisation?.text, waits: waitIfTaken ?? false))
    }

    private func headcount(_ reader: inout RowReader) -> Int? {
        guard let headcount else {
            reader.add(.required("headcount"))
            return nil
        }
        guard (1...10_000).contains(headcount) else {
            reader.add(.outOfRange("headcount", 1...10_000))
            return nil
        }
        return headcount
    }

    private func time(_ reader: inout RowReader, at moment: Date) -> Range<Date>? {
        for (value, field) in [(from, "from"), (to, "to")] where value == nil { reader.add(.required(field)) }
        guard let from, let to else { return nil }
        let isWhole = [from, to].allSatisfy { $0.timeIntervalSince1970.truncatingRemainder(dividingBy: 60) == 0 }
        // The last moment of a day belongs to it.
        let lastMoment = to.addingTimeInterval(-1)
        guard isWhole, from < to, let day = CalendarDay(inShanghai: from), day == CalendarDay(inShanghai: lastMoment)
        else {
            reader.add(
                "to", .timeInvalid, "起止时间应为同一天内的整分，且先起后止",
                "both are whole minutes of one day, the end after the beginning")
            return nil
        }
        guard from > moment, from <= moment.addingTimeInterval(Double(Self.daysAheadMax) * 86_400) else {
            reader.add(
                "from", .timeNotBookable, "只能预约从现在起 \(Self.daysAheadMax) 天内的时间，请改选",
                "only times of the next \(Self.daysAheadMax) days can be booked; choose another")
            return nil
        }
        return from..<to
    }
}

/// A request for a room, its fields checked.
package struct BookingRequest: Sendable, Hashable {
    package let roomID: RoomID
    package let time: Range<Date>
    package let purpose: String
    package let headcount: Int
    package let contact: BookingContact
    package let organisation: String?
    package let waits: Bool

    /// Gathers the fields.
    package init(
        roomID: RoomID, time: Range<Date>, purpose: String, headcount: Int, contact: BookingContact,
        organisation: String?, waits: Bool
    ) {
        self.roomID = roomID
        self.time = time
        self.purpose = purpose
        self.headcount = headcount
        self.contact = contact
        self.organisation = organisation
        self.waits = waits
    }
}

/// An order to a booking as a request states it, nothing checked yet.
package struct BookingCommandDraft: Decodable, Sendable {
    package var reason: String?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(reason: String? = nil, textConfirmed: Bool? = nil) {
        self.reason = reason
        self.textConfirmed = textConfirmed
    }

    /// The order of the community.
    ///
    /// - Throws: all faults of the request.
    package func checked(_ action: BookingAction) throws(RowFaults) -> BookingCommand {
        var reader = RowReader()
        let command: BookingCommand? =
            switch action {
            case .approve: .approve
            case .refuse: reason(&reader).map { .refuse(reason: $0) }
            case .start: .start
            case .finish: .finish
            case .cancel: reason(&reader).map { .cancelByStation(reason: $0) }
            case .miss: .miss
            }
        return try reader.checked(command)
    }

    private func reason(_ reader: inout RowReader) -> String? {
        PersonalNumberRule.checked(
            reader.text(reason, "reason", max: 200), "reason", isConfirmed: textConfirmed, &reader)
    }
}
