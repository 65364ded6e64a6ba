import Models

/// Why an order cannot be carried out.
package enum IncidentRefusal: Error, Sendable, Hashable {
    /// The state does not allow it.
    case wrongState(IncidentState, IncidentAction)
    /// Whoever reported the result may not verify it (INV-29).
    case verifierIsHandler
    /// The organisation has given this incident back before.
    case alreadyReturned(organisation: String)
    /// Another organisation has it.
    case otherOrganisation(leading: String?)
    /// It was closed longer ago than incidents may be reopened.
    case reopenTooLate(daysMax: Int)
    /// Only the reporter may take the report back.
    case notTheReporter
}
