/// Looks for identity numbers and phone numbers in free text (INV-30).
///
/// It finds runs of digits, full-width ones and runs parted by single blanks or hyphens among them. It would rather warn
/// once too often: the writer can confirm.
package enum PersonalNumberScan {
    /// Whether a text holds such a number.
    package static func finds(in text: String) -> Bool { !ranges(in: Array(text.unicodeScalars)).isEmpty }

    /// The text with such numbers hidden: identity numbers wholly, mobiles `138****5678`, landlines `0872-****12`.
    package static func masking(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for found in ranges(in: scalars).reversed() {
            scalars.replaceSubrange(found.range, with: found.masked.unicodeScalars)
        }
        var masked = String.UnicodeScalarView()
        masked.append(contentsOf: scalars)
        return String(masked)
    }

    private struct Found {
        let range: Range<Int>
        let masked: String
    }

    /// A run of digits with its place in the text.
    private struct Run {
        var range: Range<Int>
        var digits: String
    }

    private static func ranges(in scalars: [Unicode.Scalar]) -> [Found] {
        let runs = runs(in: scalars)
        var found: [Found] = []
        var index = 0
        while index < runs.count {
            // The longest chain of neighbouring runs that makes a number, so that 138 0013 8000 is found as one.
            var chain = runs[index]
            var best = masked(chain.digits).map { (index, Found(range: chain.range, masked: $0)) }
            var next = index + 1
            while next < runs.count, next - index < 6, isParting(scalars, runs[next - 1].range, runs[next].range) {
                chain = Run(
                    range: chain.range.lowerBound..<runs[next].range.upperBound,
                    digits: chain.digits + runs[next].digits)
                if let text = masked(chain.digits) { best = (next, Found(range: chain.range, masked: text)) }
                next += 1
            }
            if let (last, match) = best {
                found.append(match)
                index = last
            }
            index += 1
        }
        return found
    }

    private static func runs(in scalars: [Unicode.Scalar]) -> [Run] {
        var runs: [Run] = []
        for (index, scalar) in scalars.enumerated() {
            guard let digit = digit(scalar, after: runs.last, at: index) else { continue }
            if let last = runs.last, last.range.upperBound == index {
                runs[runs.count - 1].range = last.range.lowerBound..<index + 1
                runs[runs.count - 1].digits.append(digit)
            } else {
                runs.append(Run(range: index..<index + 1, digits: String(digit)))
            }
        }
        return runs
    }

    /// The digit that a scalar stands for; an X only as the eighteenth character of a run.
    private static func digit(_ scalar: Unicode.Scalar, after run: Run?, at index: Int) -> Character? {
        switch scalar.value {
        case 0x30...0x39: return Character(scalar)
        case 0xff10...0xff19: return Unicode.Scalar(scalar.value - 0xff10 + 0x30).map { Character($0) }
        case 0x58, 0x78, 0xff38, 0xff58:
            guard let run, run.range.upperBound == index, run.digits.utf8.count == 17 else { return nil }
            return "X"
        default: return nil
        }
    }

    private static func isParting(_ scalars: [Unicode.Scalar], _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        right.lowerBound - left.upperBound == 1 && (scalars[left.upperBound] == " " || scalars[left.upperBound] == "-")
    }

    /// The masked form of digits that are such a number; nil when they are not.
    private static func masked(_ text: String) -> String? {
        var digits = text
        if digits.hasPrefix("86"), digits.utf8.count == 13 { digits.removeFirst(2) }
        if MobileNumber.check(digits) != nil { return Masking.mobile(digits) }
        // A text is read by many: of an identity number nothing may be seen, not even its masked form.
        if isIdentity(digits) { return String(repeating: "*", count: digits.utf8.count) }
        if isLandline(digits) { return Masking.landline(digits) }
        return nil
    }

    /// An area code, then seven or eight digits.
    private static func isLandline(_ digits: String) -> Bool {
        let bytes = Array(digits.utf8)
        return (10...12).contains(bytes.count) && bytes[0] == 0x30 && bytes[1] != 0x30
    }

    /// Eighteen characters with a date of birth that looks like one; the check character is not asked for, since a
    /// mistyped number is personal too.
    ///
    /// The old form of fifteen digits is not looked for: it looks like a grid code.
    private static func isIdentity(_ digits: String) -> Bool {
        let bytes = Array(digits.utf8)
        guard bytes.count == 18, !bytes.dropLast().contains(0x58) else { return false }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        return (1900...2099).contains(number(6..<10)) && (1...12).contains(number(10..<12))
            && (1...31).contains(number(12..<14))
    }
}
