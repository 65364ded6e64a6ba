/// What the sender of bulk rows may write: each row must lie in his scope.
package struct RowReach<Content> {
    /// The field that a row outside is blamed for.
    package let field: String
    /// Whether a row lies inside.
    package let isInside: (Content) -> Bool

    /// Rows whose division or grid lies in a scope.
    package static func division(
        _ field: String, in scope: ScopeFilter, code: @escaping (Content) -> String
    ) -> RowReach {
        RowReach(field: field) { scope.contains(code: code($0)) }
    }

    /// Rows about a unit that is in a scope.
    package static func unit(
        _ field: String, in scope: ScopeFilter, code: @escaping (Content) -> String
    ) -> RowReach {
        RowReach(field: field) { scope.contains(unit: code($0)) }
    }

    /// Rows whose place only the store knows: it must look for it within the scope.
    package static func decidedByStore(_ field: String) -> RowReach { RowReach(field: field) { _ in true } }

    private init(field: String, isInside: @escaping (Content) -> Bool) {
        self.field = field
        self.isInside = isInside
    }
}
