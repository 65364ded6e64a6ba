/// What a picture of an incident shows.
package enum PhotoStage: String, Sendable, Codable, CaseIterable {
    /// What was found.
    case scene
    /// What was done.
    case result
}
