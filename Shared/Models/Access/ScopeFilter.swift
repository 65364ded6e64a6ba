/// The part of a service's rows that a caller may see or change: the union of his scopes.
///
/// Every store gets one and puts it into its statements, so that a row outside is as if it did not exist.
package struct ScopeFilter: Sendable, Hashable {
    /// Prefixes of division and grid codes, sorted, none beginning another.
    ///
    /// The empty prefix is everything.
    package let prefixes: [String]
    /// Codes of units, sorted.
    package let units: [String]
    /// The caller's subject, when what is his own is in it.
    package let own: String?

    /// Nothing at all.
    package static let nothing = ScopeFilter([])
    /// Everything: for the service's own work.
    package static let everything = ScopeFilter([.suite])

    /// Unites scopes.
    ///
    /// - Parameter subject: who holds them; nil when what is one's own means nothing here.
    package init(_ scopes: some Sequence<Scope>, subject: String? = nil) {
        var prefixes: Set<String> = []
        var units: Set<String> = []
        var hasOwn = false
        for scope in scopes {
            switch scope {
            case .suite: prefixes.insert("")
            case .division(let prefix): prefixes.insert(prefix.digits)
            case .unit(let code): units.insert(code)
            case .own: hasOwn = true
            }
        }
        self.prefixes = prefixes.filter { prefix in
            !prefixes.contains { $0 != prefix && prefix.hasPrefix($0) }
        }.sorted()
        self.units = units.sorted()
        own = hasOwn ? subject : nil
    }

    /// Whether it is everything.
    package var isEverything: Bool { prefixes == [""] }

    /// Whether it is nothing.
    package var isNothing: Bool { prefixes.isEmpty && units.isEmpty && own == nil }

    /// Whether it has whole counties, so that what belongs to no part of a county is in it too.
    package var hasCounty: Bool { prefixes.contains { $0.utf8.count <= 6 } }

    /// Whether a division or grid lies in it.
    package func contains(code: String) -> Bool { prefixes.contains { code.hasPrefix($0) } }

    /// Whether a division lies in it.
    package func contains(_ division: DivisionCode) -> Bool { contains(code: division.digits) }

    /// Whether a grid lies in it.
    package func contains(_ grid: GridCode) -> Bool { contains(code: grid.digits) }

    /// Whether a unit is in it, by its code or because whole counties are.
    package func contains(unit: String) -> Bool { hasCounty || units.contains(unit) }
}
