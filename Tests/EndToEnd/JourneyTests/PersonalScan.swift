import Foundation

/// Finds the people of a pack in texts: their names, mobile numbers and identity numbers.
///
/// Numbers are found wherever they stand, also within longer rows of digits. A name of three characters or more is found
/// wherever it stands. A name of two is found where nothing Chinese touches it, so as a whole field or a whole word: two
/// characters meet by chance in the names of places and in sentences.
struct PersonalScan {
    private let longNames: Set<[Character]>
    private let shortNames: Set<[Character]>
    private let numbers: Set<[UInt8]>
    private let lengths: Set<Int>

    /// Takes the people of a pack's sheets.
    init(_ pack: PackSheets) throws {
        var names: Set<String> = []
        var numbers: Set<String> = []
        for sheet in ["05", "13", "14"] {
            for row in try pack.rows(sheet).map(\.cells) {
                // A team has a code in the place of a name.
                for heading in ["姓名", "联系人"] {
                    if let name = row[heading], !name.isEmpty, !name.contains(where: \.isNumber) { names.insert(name) }
                }
                for heading in ["联系电话", "公民身份号码"] {
                    if let number = row[heading], number.utf8.count >= 11 { numbers.insert(number.uppercased()) }
                }
            }
        }
        longNames = Set(names.filter { $0.count > 2 }.map(Array.init))
        shortNames = Set(names.filter { $0.count == 2 }.map(Array.init))
        lengths = Set(longNames.map(\.count))
        self.numbers = Set(numbers.map { Array($0.utf8) })
    }

    /// How many people's values it looks for.
    var count: Int { longNames.count + shortNames.count + numbers.count }

    /// What it finds in a text.
    func hits(in text: String) -> Set<String> {
        let found = names(in: text).union(numbersFound(in: Array(text.utf8)))
        // As it stands in an address; one sign that is no encoding must not hide the rest.
        guard text.contains("%E") else { return found }
        let decoded = text.split(whereSeparator: \.isWhitespace).compactMap { $0.removingPercentEncoding }
        return found.union(names(in: decoded.joined(separator: " ")))
    }

    private func names(in text: String) -> Set<String> {
        var found: Set<String> = []
        for run in text.split(whereSeparator: { !Self.isOfName($0) }) {
            let run = Array(run)
            if shortNames.contains(run) { found.insert(String(run)) }
            for length in lengths where length <= run.count {
                for start in 0...(run.count - length) where longNames.contains(Array(run[start..<start + length])) {
                    found.insert(String(run[start..<start + length]))
                }
            }
        }
        return found
    }

    private func numbersFound(in bytes: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for run in bytes.split(whereSeparator: { !Self.isOfNumber($0) }) where run.count >= 11 {
            for length in [11, 18] where length <= run.count {
                for start in run.startIndex...(run.endIndex - length) {
                    let part = run[start..<start + length].map { $0 == 0x78 ? 0x58 : $0 }
                    if numbers.contains(part) { found.insert(String(decoding: part, as: UTF8.self)) }
                }
            }
        }
        return found
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || byte == 0x58 || byte == 0x78
    }

    /// Chinese characters and the dot between the parts of a name.
    private static func isOfName(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        return scalar.properties.isIdeographic || character == "·"
    }
}
