/// What the command line says by its exit code.
package enum ExitStatus: Int32, Sendable {
    /// All is well.
    case success = 0
    /// A check failed: events are missing, a step of the story did not happen, a service is not ready.
    case checkFailed = 1
    /// Rows were rejected; the sound ones are in.
    case rowsRejected = 2
    /// The arguments cannot be understood (`EX_USAGE`).
    case usage = 64
    /// A service, the broker or a program that is needed does not answer (`EX_UNAVAILABLE`).
    case unavailable = 69
    /// A mistake in the program (`EX_SOFTWARE`).
    case internalError = 70
}

/// Why a command ends early: the cause and the next step for a person, and the exit code for a script.
package struct OperatorError: Error, Sendable, CustomStringConvertible {
    /// The exit code.
    package let status: ExitStatus
    /// Cause and next step in Chinese.
    package let chinese: String
    /// Cause and next step in English.
    package let english: String

    /// Makes an error from both languages, Chinese first.
    package init(_ status: ExitStatus, _ chinese: String, _ english: String) {
        self.status = status
        self.chinese = chinese
        self.english = english
    }

    /// Two lines, Chinese first.
    package var description: String { "\(chinese)\n\(english)" }
}
