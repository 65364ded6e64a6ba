import Models

/// What is wrong with what was sent in about routes, templates, subscriptions or an inbox.
package struct MessageFaults: Error, Sendable, Hashable {
    /// At least one.
    package let faults: [RowFault]

    /// Gathers faults.
    package init(_ faults: [RowFault]) { self.faults = faults }
}
