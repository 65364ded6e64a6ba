import Models

/// What a run of grid events changes in who holds which role: for each holding the last word.
///
/// A holding that began and ended within the run is ended; one that ended and was said to be held again is held.
package struct GridStaffing: Sendable, Equatable {
    private enum Word: Sendable, Equatable {
        case held(GridAssignmentFacts)
        case ended
    }

    private var words: [GridAssignmentID: Word] = [:]

    package init() {}

    /// Notes that a role is held.
    ///
    /// A team has no inbox: its holdings are not kept.
    package mutating func noteHeld(_ assignment: GridAssignmentFacts) {
        words[assignment.assignmentID] = assignment.personID == nil ? .ended : .held(assignment)
    }

    /// Notes that a role is held no longer.
    package mutating func noteEnded(_ assignment: GridAssignmentFacts) { words[assignment.assignmentID] = .ended }

    /// Holdings by persons, in no order.
    package var held: [GridAssignmentFacts] {
        words.values.compactMap { word in
            if case .held(let assignment) = word { assignment } else { nil }
        }
    }

    /// Holdings that ended, in no order.
    package var ended: [GridAssignmentID] { words.filter { $0.value == .ended }.map(\.key) }

    /// The areas in which somebody took up a role.
    package var staffedAreas: Set<GridCode> { Set(held.compactMap(\.gridCode.area)) }

    /// Says that nothing was noted.
    package var isEmpty: Bool { words.isEmpty }
}
