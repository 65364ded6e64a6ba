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
    /// The rulebook of the incident has no such category.
    case categoryUnknown(String)
    /// The category belongs to another function than the one that was stated with it.
    case otherFunction(category: String, GridFunction)
    /// The category is not, or no longer, on the list of tasks that grids take.
    case categoryNotAdmitted(String)
    /// The category asks for something else, by the code of the attribute.
    case attribute(String, AttributeFault)
    /// Nobody was named, and the rulebook names nobody either.
    case noRoute
    /// No clock runs on it, as on those from old sheets.
    case noClock
    /// The clock stands already, or nothing can be added while it stands.
    case clockStands
    /// The clock runs already.
    case clockRuns
    /// The time was extended before.
    case alreadyExtended
    /// The time is over.
    case extensionTooLate
    /// Whoever asked for more time may not grant it.
    case approverIsApplicant
    /// What was said of the handling is written down already.
    case alreadyFollowedUp
    /// The whistle did not call this organisation.
    case notCalled(organisation: String)
    /// The organisation has done its part of the whistle.
    case alreadyAnswered(organisation: String)
    /// Others are joined to it and follow it.
    case othersJoined(Int)
    /// Nothing is the same as itself.
    case joinsItself
    /// What it is to be joined to has ended or is joined itself.
    case primaryEnded(IncidentState)
    /// As many follow it as may.
    case tooManyJoined(max: Int)
    /// It has as many pictures as it may have.
    case tooManyPhotos(max: Int)
}

/// What is wrong with an answer to what a category asks.
package enum AttributeFault: Sendable, Hashable {
    /// It must be there and is not.
    case missing
    /// The category does not ask for it.
    case unknown
    /// It must be a number.
    case notANumber
    /// It must be one of these.
    case notAChoice([String])
}
