import Models

/// What can be done with an incident, by name.
package enum IncidentAction: String, Sendable, CaseIterable {
    case file
    case reject
    case selfHandle = "self-handle"
    case dispatch
    case accept
    case giveBack = "return"
    case pause
    case resume
    case extend
    case handle
    case verify
    case reopen
    case withdraw
    case whistle
    case followUp = "follow-up"
    case answerWhistle = "answer-whistle"
    case addPhoto = "add-photo"
    case join
    case split
    /// By itself, half a year after the close.
    case archive

    /// What is ordered with a request of the same form: `POST /v1/incidents/{id}/{action}`, against a version.
    package static let orders = allCases.filter { ![.answerWhistle, .addPhoto, .join, .split, .archive].contains($0) }
}

/// How a result was verified.
package enum VerificationMethod: String, Sendable, CaseIterable {
    case site
    case phone
    case document
}

/// An order to do something with an incident, with what it needs.
package enum IncidentCommand: Sendable, Hashable {
    /// Accept the report and set its function, or its category, which says the function and what must be known.
    case file(GridFunction?, category: String? = nil, attributes: [String: String] = [:])
    /// Refuse the report.
    case reject(reason: String)
    /// Report a result on the spot, without an organisation.
    case selfHandle(result: String)
    /// Send it to the organisation that is to lead, nil for the one that the rulebook names, and to those that help it.
    case dispatch(organisation: String?, helpers: [String] = [])
    /// Take it on, as the organisation that it was sent to.
    case accept(organisation: String)
    /// Give it back, as the organisation that it was sent to.
    case giveBack(organisation: String, reason: String)
    /// Let the clock stand while the handling waits for something outside.
    case pause(reason: String)
    /// Let the clock run on.
    case resume
    /// Give it so many working days more, which somebody else has asked for.
    case extend(days: Int, applicant: PersonID, reason: String)
    /// Report the result.
    case handle(result: String)
    /// Say whether the result holds.
    case verify(passed: Bool, method: VerificationMethod)
    /// Open it again after it was closed.
    case reopen(reason: String)
    /// Take the report back.
    case withdraw
    /// Call several units to it.
    case whistle(WhistleOrder)
    /// Say, as a unit that a whistle called, that it came or what it did.
    case answerWhistle(WhistleAnswer)
    /// Write down what was said of the handling after the close.
    case followUp(IncidentFeedback.Resolved, IncidentFeedback.Satisfaction)
    /// Say that it is the same as another.
    case join(to: IncidentID)
    /// Say that it is not the same after all.
    case split
    /// Add a picture, by the hash of its content in hexadecimal digits.
    case addPhoto(PhotoStage, hash: String)

    /// The name of what is ordered.
    package var action: IncidentAction {
        switch self {
        case .file: .file
        case .reject: .reject
        case .selfHandle: .selfHandle
        case .dispatch: .dispatch
        case .accept: .accept
        case .giveBack: .giveBack
        case .pause: .pause
        case .resume: .resume
        case .extend: .extend
        case .handle: .handle
        case .verify: .verify
        case .reopen: .reopen
        case .withdraw: .withdraw
        case .whistle: .whistle
        case .answerWhistle: .answerWhistle
        case .followUp: .followUp
        case .addPhoto: .addPhoto
        case .join: .join
        case .split: .split
        }
    }

    /// The reason, the result or the method that the step keeps.
    package var note: String? {
        switch self {
        case .reject(let reason), .giveBack(_, let reason), .reopen(let reason), .pause(let reason): reason
        case .extend(let days, _, let reason): "\(days):\(reason)"
        case .selfHandle(let result), .handle(let result): result
        case .verify(let passed, let method): "\(passed ? "passed" : "failed"):\(method.rawValue)"
        case .whistle(let order): "\(order.kind.rawValue):\(order.reason)"
        case .answerWhistle(let answer): answer.result ?? "arrived"
        case .followUp(let resolved, let satisfaction): "\(resolved.rawValue):\(satisfaction.rawValue)"
        case .addPhoto(let stage, let hash): "\(stage.rawValue):\(hash)"
        case .join(let primary): primary.description
        case .file, .dispatch, .accept, .resume, .withdraw, .split: nil
        }
    }
}
