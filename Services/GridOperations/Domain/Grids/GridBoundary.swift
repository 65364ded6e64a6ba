/// The boundary of a grid: one polygon, with or without holes.
///
/// Whether its rings cross themselves or each other is left to PostGIS.
package struct GridBoundary: Sendable, Hashable {
    /// The outer ring, then the holes; each closed, of four points at least.
    package let rings: [[Position]]

    init(rings: [[Position]]) { self.rings = rings }

    /// Most points of a boundary; a street map needs a few hundred.
    package static let pointsMax = 10_000

    /// What is wrong with a text.
    package enum Fault: Error, Sendable, Hashable {
        /// Not `POLYGON((x y, x y, …))`.
        case form
        /// A coordinate that is not on the earth, most likely latitude before longitude.
        case coordinate
        /// A ring of fewer than four points or with another last point than the first.
        case openRing
        /// More points than `pointsMax`.
        case tooManyPoints
    }

    /// Reads well-known text, longitude before latitude.
    ///
    /// - Throws: `Fault`.
    package init(wellKnownText text: String) throws(Fault) {
        var reader = WellKnownTextReader(text)
        guard reader.word("POLYGON"), reader.sign("(") else { throw .form }
        var rings: [[Position]] = []
        var count = 0
        repeat {
            let ring = try Self.ring(&reader, count: &count)
            guard ring.count >= 4, ring.first == ring.last else { throw .openRing }
            rings.append(ring)
        } while reader.sign(",")
        guard reader.sign(")"), reader.isAtEnd else { throw .form }
        self.rings = rings
    }

    private static func ring(_ reader: inout WellKnownTextReader, count: inout Int) throws(Fault) -> [Position] {
        guard reader.sign("(") else { throw .form }
        var points: [Position] = []
        repeat {
            guard let x = reader.number(), let y = reader.number() else { throw .form }
            guard let point = Position(longitude: x, latitude: y) else { throw .coordinate }
            count += 1
            guard count <= pointsMax else { throw .tooManyPoints }
            points.append(point)
        } while reader.sign(",")
        guard reader.sign(")") else { throw .form }
        return points
    }

    /// Well-known text in one form for the same rings.
    package var wellKnownText: String {
        let texts = rings.map { ring in
            "(" + ring.map { "\($0.longitude) \($0.latitude)" }.joined(separator: ",") + ")"
        }
        return "POLYGON(" + texts.joined(separator: ",") + ")"
    }
}

/// Reads the words, signs and numbers of well-known text.
private struct WellKnownTextReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.allSatisfy(Self.isBlank) }

    /// Takes a word, in upper or lower case.
    mutating func word(_ word: String) -> Bool {
        skipBlanks()
        let found = rest.prefix(word.utf8.count)
        guard String(Substring(found)).uppercased() == word else { return false }
        rest = rest.dropFirst(word.utf8.count)
        return true
    }

    mutating func sign(_ sign: Character) -> Bool {
        skipBlanks()
        guard rest.first == sign.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number() -> Double? {
        skipBlanks()
        let digits = rest.prefix { !Self.isBlank($0) && $0 != 0x28 && $0 != 0x29 && $0 != 0x2c }
        guard let number = Double(Substring(digits)), number.isFinite else { return nil }
        rest = rest.dropFirst(digits.count)
        return number
    }

    private mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
