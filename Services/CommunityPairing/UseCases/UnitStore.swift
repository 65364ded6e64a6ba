import Foundation
import Models

/// Keeps units.
///
/// Their contact persons it keeps encrypted.
package protocol UnitStore: Sendable {
    /// Lets the domain decide on enrolments and does what it decides, in one transaction with the events.
    ///
    /// The units are locked; `decide` may be called more than once.
    func enrol(
        _ enrolments: [UnitEnrolment], at time: Date,
        deciding decide: @escaping @Sendable (UnitRegister) -> UnitRegister.Plan
    ) async throws -> [Numbered<RowOutcome>]

    /// Lists units in the order of their codes, with contacts masked: those of the scope, and those that help in it.
    func units(scope: ScopeFilter, after code: String?, limit: Int) async throws -> [UnitView]
}

/// A unit as lists show it.
package struct UnitView: Sendable, Hashable {
    /// The unit.
    package let unit: Unit
    /// The contact person's masked name; nil once it has been erased.
    package let maskedContactName: String?
    /// The contact person's masked mobile number; nil once it has been erased.
    package let maskedContactMobile: String?

    /// Gathers the parts.
    package init(unit: Unit, maskedContactName: String?, maskedContactMobile: String?) {
        self.unit = unit
        self.maskedContactName = maskedContactName
        self.maskedContactMobile = maskedContactMobile
    }
}
