import Models

/// What a check of a rulebook has found: place, cause and next step.
package struct RulebookFinding: Codable, Sendable, Hashable {
    /// How bad it is.
    package enum Severity: String, Codable, Sendable {
        /// It forbids to publish.
        case error
        /// Somebody should look at it.
        case warning
    }

    package var severity: Severity
    /// What kind of finding it is.
    package var code: String
    /// Where: a JSON pointer into the rulebook, or the code of a grid.
    package var place: String
    /// Cause and next step.
    package var message: RuleName

    package init(_ severity: Severity, _ code: String, at place: String, _ chinese: String, _ english: String) {
        self.severity = severity
        self.code = code
        self.place = place
        message = RuleName(zh: chinese, en: english)
    }
}

/// What a check must know of the county.
package struct RulebookSurroundings: Sendable, Hashable {
    /// Beginnings of codes in routes that no division or grid has.
    package var unknownPrefixes: Set<String>
    /// Areas without a grid worker, the first of them.
    package var unstaffedAreas: [GridCode]
    /// How many there are.
    package var unstaffedCount: Int

    package init(unknownPrefixes: Set<String> = [], unstaffedAreas: [GridCode] = [], unstaffedCount: Int = 0) {
        self.unknownPrefixes = unknownPrefixes
        self.unstaffedAreas = unstaffedAreas
        self.unstaffedCount = unstaffedCount
    }
}
