/// What a service knows of a division that it does not own, from the topic that carries divisions.
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

    /// What facts say in the order in which they came, the last one about a division standing.
    ///
    /// In the order of the codes, so that two that write them never wait for each other.
    package static func latest(of facts: [DivisionFacts]) -> [KnownDivision] {
        var latest: [DivisionCode: KnownDivision] = [:]
        for fact in facts { latest[fact.code] = KnownDivision(code: fact.code, kind: fact.kind) }
        return latest.values.sorted { $0.code < $1.code }
    }
}
