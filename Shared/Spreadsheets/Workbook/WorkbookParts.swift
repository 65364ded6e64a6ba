/// The relationships of a part: which part plays which role for it.
final class RelationshipsHandler: XMLContentHandler {
    struct Relationship {
        var id: String
        /// The last word of the type; the words before it differ between transitional and strict files.
        var role: String
        var target: String
    }

    private(set) var relationships: [Relationship] = []

    override func start(_ name: XMLName, _ attributes: XMLAttributes) {
        guard name == "Relationship", attributes.string("TargetMode") != "External", let id = attributes.string("Id"),
            let type = attributes.string("Type"), let target = attributes.string("Target")
        else { return }
        let role = type.split(separator: "/").last.map(String.init) ?? ""
        relationships.append(Relationship(id: id, role: role, target: target))
    }

    /// Returns the relationships of a part, with targets as names in the archive.
    static func read(_ archive: ZipArchive, of part: String) throws(SpreadsheetFault) -> [Relationship] {
        let folders = part.split(separator: "/").dropLast().map(String.init)
        let file = part.split(separator: "/").last.map(String.init) ?? ""
        let name = (folders + ["_rels", "\(file).rels"]).joined(separator: "/")
        guard let content = try archive.part(name) else { return [] }
        let handler = RelationshipsHandler()
        try XMLStream.parse(content, handler)
        return handler.relationships.map { relationship in
            var resolved = relationship
            resolved.target = resolve(relationship.target, in: folders)
            return resolved
        }
    }

    /// A target is relative to the folder of its source, unless it begins with a slash.
    private static func resolve(_ target: String, in folders: [String]) -> String {
        var path = target.hasPrefix("/") ? [] : folders
        for step in target.split(separator: "/") where step != "." {
            if step == ".." { path = Array(path.dropLast()) } else { path.append(String(step)) }
        }
        return path.joined(separator: "/")
    }
}

/// The list of sheets, and the date system.
final class WorkbookHandler: XMLContentHandler {
    struct Sheet {
        var name: String
        var relationship: String
        var isHidden: Bool
    }

    private(set) var sheets: [Sheet] = []
    private(set) var usesDateSystem1904 = false

    override func start(_ name: XMLName, _ attributes: XMLAttributes) {
        if name == "workbookPr" {
            usesDateSystem1904 = ["1", "true", "on"].contains(attributes.string("date1904"))
        } else if name == "sheet", let title = attributes.string("name"), let id = attributes.string("id") {
            let state = attributes.string("state") ?? "visible"
            sheets.append(Sheet(name: title, relationship: id, isHidden: state != "visible"))
        }
    }
}

/// The styles that show a number as a date or a time.
final class StylesHandler: XMLContentHandler {
    private var isInCellFormats = false
    private var dateFormats: Set<Int> = []
    /// For each style of a cell whether it shows a date.
    private(set) var isDate: [Bool] = []

    override func start(_ name: XMLName, _ attributes: XMLAttributes) {
        if name == "numFmt", let id = attributes.number("numFmtId"), let code = attributes.string("formatCode") {
            if NumberFormat.isDate(code) { dateFormats.insert(id) } else { dateFormats.remove(id) }
        } else if name == "cellXfs" {
            isInCellFormats = true
        } else if name == "xf", isInCellFormats {
            let id = attributes.number("numFmtId") ?? 0
            isDate.append(dateFormats.contains(id) || NumberFormat.isBuiltInDate(id))
        }
    }

    override func end(_ name: XMLName) {
        if name == "cellXfs" { isInCellFormats = false }
    }
}

/// Number formats of ECMA-376 part 1, 18.8.30.
enum NumberFormat {
    /// Whether a format that has a number and no code is for dates or times: 14–22 and 45–47 everywhere, 27–36 and 50–58 in Chinese,
    /// Japanese and Korean programs.
    static func isBuiltInDate(_ id: Int) -> Bool {
        switch id {
        case 14...22, 27...36, 45...47, 50...58: true
        default: false
        }
    }

    /// Whether a format code shows a date or a time: it has one of y m d h s outside of quotes, escapes and brackets.
    static func isDate(_ code: String) -> Bool {
        var scalars = code.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case "\"":
                while let quoted = scalars.next(), quoted != "\"" {}
            case "\\", "_", "*":
                _ = scalars.next()
            case "[":
                var content = ""
                while let inner = scalars.next(), inner != "]" { content.unicodeScalars.append(inner) }
                // [h], [mm] and [ss] are elapsed time; other brackets are colours, conditions and languages.
                let letters = Set(content.lowercased())
                if letters.count == 1, !letters.isDisjoint(with: "hms") { return true }
            case ";":
                // The first section is for positive numbers, and dates are positive.
                return false
            case "y", "Y", "m", "M", "d", "D", "h", "H", "s", "S":
                return true
            default:
                break
            }
        }
        return false
    }
}
