import Models
import Postgres
import ServiceKit

extension PersonalTable {
    /// What bookings keep of applicants.
    static let bookings = PersonalTable(
        "grid.bookings", key: "id", keyType: "uuid",
        columns: [
            booking(
                "contact_name_encrypted", "whom to call", .encrypted(field: "grid.bookings.contact_name"),
                seenBy: [.communitySecretary, .communityDesk]),
            booking(
                "contact_mobile_encrypted", "the mobile number", .encrypted(field: "grid.bookings.contact_mobile"),
                seenBy: [.communitySecretary, .communityDesk]),
            booking("applicant", "who booked as himself, by the identity provider's id", .plain),
            booking("purpose", "what for; numbers of persons are refused or hidden (INV-30)", .plain),
            booking("reason", "why it was refused or cancelled, as the purpose", .plain),
        ])

    private static func booking(
        _ name: String, _ holds: String, _ form: PersonalColumn.Form, seenBy: Set<Role> = []
    ) -> PersonalColumn {
        PersonalColumn(
            name, holds: holds, form, .venueBooking, .consent, .rule("booking-applicants"), seenBy: seenBy)
    }
}

extension RetentionRule {
    /// The end of the booking, or of its time when nobody ended it, and three months (DOMAIN 4.3).
    static let bookingApplicants = RetentionRule(
        "booking-applicants", of: "booking", after: "the end of the booking", keeping: .months(3)
    ) { due in
        """
        update grid.bookings set contact_name_encrypted = null, contact_mobile_encrypted = null, applicant = null,
               purpose = '', reason = null, erased_at = now()
        where id in (
            select b.id from grid.bookings b
            where b.erased_at is null and coalesce(b.settled_at, upper(b.during)) < \(due.before)
              and \(notHeld: "booking", id: "b.id::text", on: due.day)
            order by b.id limit \(due.limit) for update skip locked)
        returning id::text as id
        """
    }
}
