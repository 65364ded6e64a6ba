import Foundation
import Models

/// Names a responsibility field.
package struct ResponsibilityFieldID: UUIDIdentifier {
    package let rawValue: UUID
    package init(rawValue: UUID) { self.rawValue = rawValue }
}

/// A responsibility field 责任田: a few buildings of a service group, for which one person answers.
package struct ResponsibilityField: Sendable, Hashable {
    /// Which field.
    package let id: ResponsibilityFieldID
    /// The service group that it lies in.
    package let gridCode: GridCode
    /// Its buildings and stairs.
    package let name: String
    /// Counts its changes, from 1.
    package let version: Int
    /// Who answers for it on the day that was asked for.
    package let owner: PersonID
    /// Since which day.
    package let since: CalendarDay

    /// Gathers the fields.
    package init(
        id: ResponsibilityFieldID, gridCode: GridCode, name: String, version: Int, owner: PersonID, since: CalendarDay
    ) {
        self.id = id
        self.gridCode = gridCode
        self.name = name
        self.version = version
        self.owner = owner
        self.since = since
    }
}

/// A responsibility field as it is sent, nothing checked yet.
package struct ResponsibilityFieldDraft: Decodable, Sendable {
    package var gridCode: String?
    package var name: String?
    package var ownerAssignmentID: GridAssignmentID?

    /// The field that shall be.
    ///
    /// - Throws: all faults of what was sent.
    package func checked() throws(RowFaults) -> StatedField {
        var reader = RowReader()
        let gridCode = reader.value(self.gridCode, "gridCode", form: ("17 位数字", "17 digits")) { text in
            GridCode(text).flatMap { $0.level == .group ? $0 : nil }
        }
        let name = reader.text(self.name, "name", max: 100)
        if ownerAssignmentID == nil { reader.add(.required("ownerAssignmentID")) }
        guard reader.isSound, let gridCode, let name, let ownerAssignmentID else { throw RowFaults(reader.faults) }
        return StatedField(gridCode: gridCode, name: name, owner: ownerAssignmentID)
    }
}

/// A responsibility field that shall be.
package struct StatedField: Sendable, Hashable {
    /// The service group.
    package let gridCode: GridCode
    /// Its buildings and stairs.
    package let name: String
    /// A present holding of the person who shall answer for it.
    package let owner: GridAssignmentID

    /// Gathers the fields.
    package init(gridCode: GridCode, name: String, owner: GridAssignmentID) {
        self.gridCode = gridCode
        self.name = name
        self.owner = owner
    }
}

/// A handover as it is sent.
package struct FieldHandoverDraft: Decodable, Sendable {
    package var ownerAssignmentID: GridAssignmentID?

    /// The holding of the new owner.
    ///
    /// - Throws: that it is missing.
    package func checked() throws(RowFaults) -> GridAssignmentID {
        guard let ownerAssignmentID else { throw RowFaults([.required("ownerAssignmentID")]) }
        return ownerAssignmentID
    }
}

/// There is no such field in the scope.
package struct FieldNotFound: Error, Sendable, Hashable {
    /// Makes the error.
    package init() {}
}
