/// What was awaited has not come true in time.
package struct NotInTime: Error, CustomStringConvertible {
    /// What was awaited, for how long, and why the last look failed, if it threw.
    package let description: String
}

/// Looks at `condition` again and again until it is true.
///
/// The pauses grow from 1 ms to 50 ms, so that what is quick stays quick. A condition that throws counts as not yet true.
///
/// - Throws: ``NotInTime`` when it was not true within `limit`; `CancellationError`.
nonisolated(nonsending) package func eventually(
    within limit: Duration, _ what: String, _ condition: nonisolated(nonsending) () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var pause = Duration.milliseconds(1)
    var lastError: (any Error)?
    while true {
        do {
            if try await condition() { return }
            lastError = nil
        } catch let error as CancellationError {
            throw error
        } catch {
            lastError = error
        }
        guard clock.now < deadline else {
            let reason = lastError.map { ": \($0)" } ?? ""
            throw NotInTime(description: "not within \(limit): \(what)\(reason)")
        }
        try await clock.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(50))
    }
}
