import Models

/// Who of those around an event is told of it.
///
/// Its text form stands in routes: `reporter`, `assignee`, `subscribers`, `supervisors`, `role:gridWorker@area`,
/// `person:<id>`.
package enum Audience: Sendable, Hashable {
    /// Where a role is looked for.
    package enum Reach: String, Sendable, CaseIterable {
        /// In the responsibility area of the event.
        case area
        /// Anywhere in the community of the event.
        case community
    }

    /// Whoever reported the incident, or booked the room.
    case reporter
    /// Those who take what comes to the organisations that the event calls on.
    case assignee
    /// Those who asked to hear of events in the division.
    case subscribers
    /// The first in line above the work who is there: the area's cadres, the community's, the town's, the county's.
    case supervisors
    /// Who holds a role in the grids around.
    case role(GridRole, in: Reach)
    /// One person by name, which is to say by the account's id.
    case person(PersonID)

    /// The text form.
    package var code: String {
        switch self {
        case .person(let person): "person:\(person)"
        default: kind
        }
    }

    /// The text form without the person: what is kept with deliveries and counts.
    package var kind: String {
        switch self {
        case .reporter: "reporter"
        case .assignee: "assignee"
        case .subscribers: "subscribers"
        case .supervisors: "supervisors"
        case .role(let role, let reach): "role:\(role.rawValue)@\(reach.rawValue)"
        case .person: "person"
        }
    }

    /// Reads the text form; nil for what is none.
    package init?(_ code: String) {
        switch code {
        case "reporter": self = .reporter
        case "assignee": self = .assignee
        case "subscribers": self = .subscribers
        case "supervisors": self = .supervisors
        default:
            let parts = code.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "person":
                guard let person = PersonID(String(parts[1])) else { return nil }
                self = .person(person)
            case "role":
                let words = parts[1].split(separator: "@", omittingEmptySubsequences: false).map(String.init)
                guard words.count == 2, let role = GridRole(rawValue: words[0]), role != .volunteerTeam,
                    let reach = Reach(rawValue: words[1])
                else { return nil }
                self = .role(role, in: reach)
            default: return nil
            }
        }
    }
}
