/// The answer to a bulk request: counts, and the rows that were rejected.
package struct BulkAnswer: Codable, Sendable, Equatable {
    /// What is wrong with a field of a row.
    package struct Fault: Codable, Sendable, Equatable {
        /// The field's name in the request.
        package let field: String
        /// A stable code.
        package let code: String
        /// What is wrong, in Chinese.
        package let message: String
        /// What is wrong, in English.
        package let messageEn: String?

        /// Makes a fault.
        package init(field: String, code: String, message: String, messageEn: String? = nil) {
            self.field = field
            self.code = code
            self.message = message
            self.messageEn = messageEn
        }
    }

    /// A rejected row.
    package struct Result: Codable, Sendable, Equatable {
        /// The number that the request gave it.
        package let row: Int
        /// `rejected`; the other outcomes are only counted.
        package let outcome: String
        /// Why.
        package let faults: [Fault]

        /// Makes a rejected row.
        package init(row: Int, faults: [Fault]) {
            self.row = row
            outcome = "rejected"
            self.faults = faults
        }
    }

    /// Rows that changed something.
    package let accepted: Int
    /// Rows that said nothing new.
    package let unchanged: Int
    /// Rows that broke a rule.
    package let rejected: Int
    /// The rejected rows.
    package let results: [Result]

    /// Makes an answer.
    package init(accepted: Int, unchanged: Int, results: [Result]) {
        self.accepted = accepted
        self.unchanged = unchanged
        rejected = results.count
        self.results = results
    }
}
