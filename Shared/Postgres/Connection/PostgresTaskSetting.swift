/// A setting of the server that holds for the transactions that a task begins, such as one that policies of row-level
/// security read.
///
/// It is set local to each transaction, in the same flush as the first statement, so it costs no round trip; a statement
/// outside a transaction is one by itself. COPY and scripts outside a transaction do not get it, nor do statements that
/// were begun before.
package struct PostgresTaskSetting: Sendable, Hashable {
    /// The settings of the present task, set in their order.
    @TaskLocal package static var current: [PostgresTaskSetting] = []

    /// The setting's name, `myapp.tenant`.
    package let name: String
    /// Its value.
    package let value: String

    /// Names a setting and its value; both are bound, so they may hold any text.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// What sets it until the end of the transaction in which it runs.
    package var statement: PostgresStatement { "select set_config(\(name), \(value), true)" }

    /// What sets all of the present task's.
    static var statements: [PostgresStatement] { current.map(\.statement) }
}
