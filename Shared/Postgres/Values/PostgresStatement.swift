/// SQL text with numbered places (`$1`) and the values for them.
///
/// A string literal with interpolation binds each interpolated value: `"select a from t where id = \(id)"` is sent as
/// `select a from t where id = $1` with one value. Trusted text that cannot be bound (a table name) is spliced with
/// `\(unescaped: name)`. `PostgresStatement("… \(id)")` is such a literal too; with a second argument it is not, and the
/// text is taken as it is.
///
/// The SQL text is the key under which a connection keeps the statement prepared, so it should be the same at each call:
/// bind lists as one array (`= any(\(ids))`, `unnest(\(names))`), do not splice them.
package struct PostgresStatement: Sendable, Hashable {
    /// SQL text; one statement.
    package var sql: String
    /// Values for `$1`, `$2` and so on.
    package var parameters: [PostgresValue]

    /// Makes a statement of trusted text and the values for its places.
    package init(_ sql: String, _ parameters: [PostgresValue] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

extension PostgresStatement: ExpressibleByStringInterpolation {
    /// Gathers the text and the values of an interpolated literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: String
        fileprivate var parameters: [PostgresValue]

        /// Called by the compiler.
        package init(literalCapacity: Int, interpolationCount: Int) {
            sql = ""
            sql.reserveCapacity(literalCapacity + 4 * interpolationCount)
            parameters = []
            parameters.reserveCapacity(interpolationCount)
        }

        /// Called by the compiler for the text between the values.
        package mutating func appendLiteral(_ literal: String) {
            sql += literal
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            bind(value.postgresValue)
        }

        /// Binds a value, or null.
        package mutating func appendInterpolation(_ value: (some PostgresEncodable)?) {
            bind(value?.postgresValue ?? .null)
        }

        /// Binds a JSON document as `jsonb`.
        package mutating func appendInterpolation(json document: String) {
            bind(.json(document))
        }

        /// Splices text into the SQL as it is: never anything that came from outside the program.
        package mutating func appendInterpolation(unescaped text: String) {
            sql += text
        }

        private mutating func bind(_ value: PostgresValue) {
            parameters.append(value)
            sql += "$"
            sql += String(parameters.count)
        }
    }

    /// Called by the compiler for a literal without values.
    package init(stringLiteral value: String) {
        self.init(value)
    }

    /// Called by the compiler for a literal with values.
    package init(stringInterpolation: StringInterpolation) {
        self.init(stringInterpolation.sql, stringInterpolation.parameters)
    }
}
