import Foundation
import Models

/// Who asks, after his token has been checked.
package struct Caller: Sendable, Hashable {
    /// The identity provider's id of the person, never a name.
    package let subject: String
    /// The roles with their scopes; those whose scope reaches further than the role may are left out.
    package let grants: [Grant]
    /// When the token ends.
    package let expiresAt: Date

    /// Names a caller.
    package init(subject: String, grants: [Grant], expiresAt: Date = .distantFuture) {
        self.subject = subject
        self.grants = grants.filter { $0.role.mayHave($0.scope) }
        self.expiresAt = expiresAt
    }
}
