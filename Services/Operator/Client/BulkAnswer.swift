/// The answer to a bulk request: counts, and the rows that were rejected.
package struct BulkAnswer: Decodable, Sendable, Equatable {
    /// What is wrong with a field of a row.
    package struct Fault: Decodable, Sendable, Equatable {
        /// The field's name in the request.
        package let field: String
        /// A stable code.
        package let code: String
        /// What is wrong, in Chinese.
        package let message: String
        /// What is wrong, in English.
        package let messageEn: String?
    }

    /// A rejected row.
    package struct Result: Decodable, Sendable, Equatable {
        /// The number that the request gave it.
        package let row: Int
        /// `rejected`; the other outcomes are only counted.
        package let outcome: String
        /// Why.
        package let faults: [Fault]
    }

    /// Rows that changed something.
    package let accepted: Int
    /// Rows that said nothing new.
    package let unchanged: Int
    /// Rows that broke a rule.
    package let rejected: Int
    /// The rejected rows.
    package let results: [Result]
}
