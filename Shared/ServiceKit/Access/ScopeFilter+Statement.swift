import Models
import Postgres

extension PostgresStatement.StringInterpolation {
    /// The condition that a row's division or grid code lies in a scope, in brackets.
    ///
    /// Its text has one of three forms, so that statements stay prepared; the range lets an index of the code be used.
    ///
    /// - Parameter column: the column of the code in byte order (`collate "C"`); trusted text.
    package mutating func appendInterpolation(scope filter: ScopeFilter, on column: String) {
        if filter.isEverything {
            appendLiteral("(true)")
        } else if let first = filter.prefixes.first, let last = filter.prefixes.last {
            appendLiteral("(\(column) >= ")
            appendInterpolation(first)
            appendLiteral(" and \(column) < ")
            // The colon is the character after 9.
            appendInterpolation(last + ":")
            appendLiteral(" and \(column) ^@ any(")
            appendInterpolation(filter.prefixes)
            appendLiteral("))")
        } else {
            appendLiteral("(false)")
        }
    }

    /// The condition that a row's unit is in a scope, in brackets: by its code, or because whole counties are.
    ///
    /// - Parameter column: the column of the unit's code; trusted text.
    package mutating func appendInterpolation(scope filter: ScopeFilter, unit column: String) {
        if filter.hasCounty {
            appendLiteral("(true)")
        } else if filter.units.isEmpty {
            appendLiteral("(false)")
        } else {
            appendLiteral("(\(column) = any(")
            appendInterpolation(filter.units)
            appendLiteral("))")
        }
    }
}
