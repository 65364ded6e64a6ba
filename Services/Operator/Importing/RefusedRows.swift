import Synchronization

/// Remembers the rows that were refused in this import, to say whose fault it is when another row refers to one.
///
/// Only codes of divisions, grids, organisations and units are kept, which name no person.
package final class RefusedRows: Sendable {
    /// A refused row.
    package struct Entry: Sendable, Hashable {
        /// The name of its file.
        package let sheet: String
        /// Its row.
        package let row: Int
        /// The row that was refused first and took this one with it.
        package var origin: Place?

        /// Makes an entry.
        package init(sheet: String, row: Int, origin: Place? = nil) {
            self.sheet = sheet
            self.row = row
            self.origin = origin
        }
    }

    /// Where a row stands.
    package struct Place: Sendable, Hashable {
        /// The name of the file.
        package let sheet: String
        /// The row.
        package let row: Int

        /// Names a row.
        package init(sheet: String, row: Int) {
            self.sheet = sheet
            self.row = row
        }
    }

    /// How surely a refused row is the one that is meant.
    package enum Blame: Sendable, Hashable {
        /// It has the very code.
        case certain(Entry)
        /// Its code is wrong by a character, and so it is probably the one.
        case probable(Entry)

        /// The row.
        package var entry: Entry {
            switch self {
            case .certain(let entry), .probable(let entry): entry
            }
        }

        /// The words that are added to the fault of the row that refers.
        package var words: String {
            let entry = entry
            let place = "\(entry.sheet) 第\(entry.row)行"
            let origin = entry.origin.map { "（起因：\($0.sheet) 第\($0.row)行）" } ?? ""
            let originEnglish = entry.origin.map { " (because of \($0.sheet) row \($0.row))" } ?? ""
            return switch self {
            case .certain:
                "所引用的行在本次导入中被拒绝：\(place)\(origin)，请先改正该行。 The row that it refers to was refused in this import: "
                    + "\(entry.sheet) row \(entry.row)\(originEnglish). Correct that row first."
            case .probable:
                "很可能因为 \(place)\(origin) 的编码有误而被拒绝，请先改正该行。 Probably because \(entry.sheet) row \(entry.row)"
                    + "\(originEnglish) was refused for a wrong code. Correct that row first."
            }
        }
    }

    private struct State {
        var byCode: [String: [String: Entry]] = [:]
        var misspelt: [String: [(code: String, entry: Entry)]] = [:]
        var areas: [(ring: BoundaryRing, entry: Entry)] = []
    }

    private let state = Mutex(State())

    /// Makes an empty memory.
    package init() {}

    /// Remembers a refused row.
    ///
    /// - Parameters:
    ///   - number: the number of the sheet.
    ///   - code: what other rows know it by.
    ///   - isCodeAtFault: whether the code itself is wrong.
    ///   - boundary: the boundary of a grid, WKT.
    package func add(_ entry: Entry, sheet number: String, code: String?, isCodeAtFault: Bool, boundary: String? = nil)
    {
        state.withLock { state in
            if let code {
                if isCodeAtFault { state.misspelt[number, default: []].append((code, entry)) }
                state.byCode[number, default: [:]][code] = entry
            }
            if let boundary, let ring = BoundaryRing(wkt: boundary) { state.areas.append((ring, entry)) }
        }
    }

    /// Forgets rows of a file, which are about to be sent again.
    package func forget(_ rows: Set<Int>, of sheet: String) {
        let isMeant = { (entry: Entry) in entry.sheet == sheet && rows.contains(entry.row) }
        state.withLock { state in
            state.byCode = state.byCode.mapValues { $0.filter { !isMeant($0.value) } }
            state.misspelt = state.misspelt.mapValues { $0.filter { !isMeant($0.entry) } }
            state.areas.removeAll { isMeant($0.entry) }
        }
    }

    /// Who is to blame for a reference that leads nowhere; nil when no refused row explains it.
    package func blame(for code: String, in sheets: [String]) -> Blame? {
        state.withLock { state in
            for sheet in sheets {
                if let entry = state.byCode[sheet]?[code] { return .certain(entry) }
            }
            for sheet in sheets {
                let near = (state.misspelt[sheet] ?? []).filter { Self.differByOneCharacter($0.code, code) }
                if let only = near.first, near.count == 1 { return .probable(only.entry) }
            }
            return nil
        }
    }

    /// The refused grid around a point.
    package func blame(longitude: Double, latitude: Double) -> Blame? {
        state.withLock { state in
            state.areas.first { $0.ring.contains(longitude, latitude) }.map { .certain($0.entry) }
        }
    }

    /// Whether one character replaced, missing or added makes one of the other.
    package static func differByOneCharacter(_ left: String, _ right: String) -> Bool {
        let (short, long) =
            left.utf8.count <= right.utf8.count
            ? (Array(left.utf8), Array(right.utf8))
            : (Array(right.utf8), Array(left.utf8))
        guard long.count - short.count <= 1, short != long else { return false }
        let same = zip(short, long).prefix { $0 == $1 }.count
        let rest = short.count == long.count ? short.dropFirst(same + 1) : short.dropFirst(same)
        return rest.elementsEqual(long.dropFirst(same + 1))
    }
}

/// The outer ring of a WKT polygon.
///
/// Only for telling people which refused grid a point lies in; what counts is PostGIS.
package struct BoundaryRing: Sendable {
    private let points: [(x: Double, y: Double)]

    /// Reads `POLYGON((…))`, or gives nil.
    package init?(wkt: String) {
        guard let open = wkt.firstIndex(of: "("), wkt[..<open].uppercased().contains("POLYGON") else { return nil }
        let ring = wkt[open...].drop { $0 == "(" || $0 == " " }.prefix { $0 != ")" }
        var points: [(x: Double, y: Double)] = []
        for pair in ring.split(separator: ",") {
            let numbers = pair.split(separator: " ").compactMap { Double($0) }
            guard numbers.count >= 2 else { return nil }
            points.append((numbers[0], numbers[1]))
        }
        guard points.count >= 4 else { return nil }
        self.points = points
    }

    /// Whether a ray to the east crosses the ring an odd number of times.
    package func contains(_ x: Double, _ y: Double) -> Bool {
        var isInside = false
        for (start, end) in zip(points, points.dropFirst()) where (start.y > y) != (end.y > y) {
            let crossing = start.x + (y - start.y) / (end.y - start.y) * (end.x - start.x)
            if x < crossing { isInside.toggle() }
        }
        return isInside
    }

    /// A point inside a convex ring, or near the middle of another.
    package var middle: (x: Double, y: Double) {
        let corners = points.dropLast()
        let count = Double(max(1, corners.count))
        return (corners.reduce(0) { $0 + $1.x } / count, corners.reduce(0) { $0 + $1.y } / count)
    }
}
