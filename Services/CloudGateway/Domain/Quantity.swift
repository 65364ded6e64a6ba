/// A count with the word that a report says it with.
///
/// The count stays exact; only its text is rounded (ruling A12).
package struct Quantity: Sendable, Hashable {
    /// The words of a report for a count.
    package enum Qualifier: String, Sendable, Codable, CaseIterable {
        /// The number itself.
        case exact
        /// 余, "more than": rounded down to hundreds.
        case moreThan
        /// 近, "close to": rounded up to hundreds.
        case closeTo
    }

    /// The exact count, 0 or more.
    package let count: Int
    /// How a report says it.
    package let qualifier: Qualifier

    /// Joins a count with its word.
    package init(_ count: Int, _ qualifier: Qualifier = .exact) {
        self.count = count
        self.qualifier = qualifier
    }

    /// The rounded number, or nil where the word would not be true and the number itself is said.
    private var rounded: Int? {
        switch qualifier {
        case .exact:
            return nil
        case .moreThan:
            let floor = count / 100 * 100
            return floor > 0 && count > floor ? floor : nil
        case .closeTo:
            let ceiling = (count + 99) / 100 * 100
            // 1 % to 10 % below: at 499 "close to 500" says less than the number, at 440 it says too much.
            let missing = (ceiling - count) * 100
            return missing >= ceiling && missing <= ceiling * 10 && ceiling > 0 ? ceiling : nil
        }
    }

    /// The text in Chinese, `2500余`.
    package var chinese: String {
        guard let rounded else { return String(count) }
        return qualifier == .moreThan ? "\(rounded)余" : "近\(rounded)"
    }

    /// The text in English, `more than 2500`.
    package var english: String {
        guard let rounded else { return String(count) }
        return qualifier == .moreThan ? "more than \(rounded)" : "close to \(rounded)"
    }
}
