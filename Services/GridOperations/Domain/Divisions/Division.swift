import Models

/// An administrative division 区划: a county, a town, a village or a community.
package struct Division: Sendable, Hashable {
    /// The code, unique for ever.
    package var code: DivisionCode
    /// The official name.
    package var name: String
    /// The kind, which the county states for villages and communities; nil when it did not.
    package var kind: CommunityKind?
    /// Managed households 管理户数; nil when not stated.
    package var households: Int?

    /// Gathers the fields.
    package init(code: DivisionCode, name: String, kind: CommunityKind? = nil, households: Int? = nil) {
        self.code = code
        self.name = name
        self.kind = kind
        self.households = households
    }

    /// What readers of events learn of it.
    package var facts: DivisionFacts {
        DivisionFacts(code: code, name: name, level: code.level, kind: kind, households: households)
    }
}
