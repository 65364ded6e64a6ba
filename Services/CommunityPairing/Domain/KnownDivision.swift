import Models

/// What this service knows of a division from the topic that carries divisions.
package struct KnownDivision: Sendable, Hashable {
    /// The code, which says the level.
    package let code: DivisionCode
    /// The kind, for villages and communities.
    package let kind: CommunityKind?

    /// Gathers the facts.
    package init(code: DivisionCode, kind: CommunityKind?) {
        self.code = code
        self.kind = kind
    }

    /// Whether it is an urban community, those converted from villages among them.
    package var isUrbanCommunity: Bool { kind?.isUrban ?? false }
}
