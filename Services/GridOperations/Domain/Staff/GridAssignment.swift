import Foundation
import Models

extension GridRole {
    /// The level of the grids that have this role: 1+1+N is staffed on groups, the three staff 三员 on areas.
    package var level: GridLevel {
        switch self {
        case .communityCadre, .partyGroupLeader, .volunteer: .group
        case .gridWorker, .gridPolice, .volunteerTeam: .area
        }
    }

    /// Whether a grid has one holder of this role at most (INV-14).
    package var isSingle: Bool { self == .communityCadre || self == .partyGroupLeader }
}

/// Who holds a role, as a row states it.
package enum StatedHolder: Sendable, Hashable {
    /// A person.
    case person(StatedPerson)
    /// A volunteer team by its code.
    case team(String)
}

/// A person as a row states one.
///
/// Never written, logged or sent as it is.
package struct StatedPerson: Sendable, Hashable {
    /// The checked identity number; only its keyed hash is kept.
    package let identityNumber: Personal<String>
    /// The details that are kept encrypted.
    package let details: PersonDetails

    /// Gathers the fields.
    package init(identityNumber: Personal<String>, details: PersonDetails) {
        self.identityNumber = identityNumber
        self.details = details
    }
}

/// What is kept of a person, encrypted.
package struct PersonDetails: Sendable, Hashable {
    /// The name.
    package let name: Personal<PersonName>
    /// The mobile number; nil when not stated.
    package let mobile: Personal<String>?

    /// Gathers the fields.
    package init(name: Personal<PersonName>, mobile: Personal<String>?) {
        self.name = name
        self.mobile = mobile
    }
}

/// A holding of a role as a row states it, checked.
package struct StatedAssignment: Sendable, Hashable {
    /// In which grid.
    package let gridCode: GridCode
    /// Which role.
    package let role: GridRole
    /// Who holds it.
    package let holder: StatedHolder

    /// Gathers the fields.
    package init(gridCode: GridCode, role: GridRole, holder: StatedHolder) {
        self.gridCode = gridCode
        self.role = role
        self.holder = holder
    }
}

/// A holding of a role in a grid, with the holder's name already masked.
package struct GridAssignment: Sendable, Equatable {
    /// The holding as readers of events know it.
    package let facts: GridAssignmentFacts
    /// The holder's masked name; nil for a team.
    package let maskedName: String?
    /// Since when.
    package let startedAt: Date
    /// Until when; nil while it lasts.
    package let endedAt: Date?
    /// The first day on which it is held no longer, as its term says; nil for no term.
    package let termTo: CalendarDay?
    /// The absence on the day that was asked for; nil when the holder is there.
    package let absence: GridAbsence?

    /// Gathers the fields.
    package init(
        facts: GridAssignmentFacts, maskedName: String?, startedAt: Date, endedAt: Date? = nil,
        termTo: CalendarDay? = nil, absence: GridAbsence? = nil
    ) {
        self.termTo = termTo
        self.absence = absence
        self.endedAt = endedAt
        self.facts = facts
        self.maskedName = maskedName
        self.startedAt = startedAt
    }
}
