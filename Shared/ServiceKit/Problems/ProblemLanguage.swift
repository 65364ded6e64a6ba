/// The languages that the suite speaks.
///
/// Chinese unless the caller prefers English.
package enum ProblemLanguage: String, Sendable {
    case chinese = "zh-CN"
    case english = "en"

    /// Chooses by the header `Accept-Language` (RFC 9110 12.5.4).
    package init(acceptLanguage: String?) {
        var chinese = 0.0
        var english = 0.0
        var others = 0.0
        for range in (acceptLanguage ?? "").split(separator: ",").prefix(20) {
            let parts = range.split(separator: ";")
            guard let tag = parts.first?.trimmingBlanks().lowercased() else { continue }
            let weight = parts.dropFirst().first.map(Self.weight) ?? 1
            switch tag.prefix(while: { $0 != "-" }) {
            case "zh": chinese = max(chinese, weight)
            case "en": english = max(english, weight)
            case "*": others = weight
            default: break
            }
        }
        self = english > max(chinese, others) ? .english : .chinese
    }

    /// The text in this language.
    package func pick(_ text: BilingualText) -> String {
        switch self {
        case .chinese: text.chinese
        case .english: text.english
        }
    }

    /// The value of `q=0.5`; 0 when it is not one, so that a range that cannot be read is not preferred.
    private static func weight(_ parameter: Substring) -> Double {
        let pair = parameter.split(separator: "=")
        guard pair.count == 2, pair[0].trimmingBlanks() == "q" else { return 0 }
        return Double(pair[1].trimmingBlanks()) ?? 0
    }
}

extension Substring {
    /// The text without blanks at its ends.
    func trimmingBlanks() -> Substring {
        var result = self
        while let last = result.last, last.isWhitespace { result.removeLast() }
        return result.drop { $0.isWhitespace }
    }
}
