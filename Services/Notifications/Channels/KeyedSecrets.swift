import Foundation

/// Secrets by what they are for, read from one setting: each line `name secret`, or a secret alone for all others.
///
/// A name may come twice while its secret is changed: receivers that know either are served.
package struct KeyedSecrets: Sendable, Equatable {
    private var named: [String: [String]] = [:]
    private var others: [String] = []

    /// Reads lines; nil where one has more than two words.
    package init?(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            switch words.count {
            case 0: continue
            case 1: others.append(words[0])
            case 2: named[words[0].lowercased(), default: []].append(words[1])
            default: return nil
            }
        }
    }

    /// The secrets for a name; empty where there is none.
    func secrets(for name: String) -> [String] { named[name.lowercased()] ?? others }

    /// All secrets.
    var all: [String] { named.values.flatMap { $0 } + others }
}
