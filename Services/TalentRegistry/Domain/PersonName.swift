/// A person's name: 1 to 50 characters, with the dot U+00B7 between the parts of names that have parts.
package struct PersonName: Sendable, Hashable {
    /// The name.
    package let text: String

    /// What is wrong with a name.
    package enum Fault: Error, Sendable, Hashable {
        case missing
        case tooLong
        case character
    }

    /// The greatest length in characters.
    package static let lengthMax = 50

    /// Cleans and checks a name.
    ///
    /// Blanks that sheets put between Chinese characters to align columns are taken out, and the various dots are
    /// written as U+00B7; rare characters are kept.
    ///
    /// - Throws: `Fault`, which never carries the name.
    package init(_ raw: String) throws(Fault) {
        var name = ""
        for character in FieldText.cleaned(raw) {
            let next: Character = Self.dots.contains(character) ? "·" : character
            if next.isWhitespace {
                if let last = name.last, last.isASCII, last != " " { name.append(" ") }
            } else {
                if name.last == " ", !next.isASCII { name.removeLast() }
                name.append(next)
            }
        }
        guard !name.isEmpty else { throw .missing }
        guard name.count <= Self.lengthMax else { throw .tooLong }
        guard name.allSatisfy({ $0.isLetter || $0 == "·" || $0 == " " || $0 == "'" || $0 == "-" }),
            name.contains(where: \.isLetter)
        else { throw .character }
        text = name
    }

    /// Takes a name that was checked when it was stored.
    package init(checked text: String) { self.text = text }

    /// The name as lists show it: 段*, 王**, 欧阳**, 阿**.
    package var masked: String {
        let characters = Array(text)
        guard characters.count > 1 else { return "*" }
        if characters.contains("·") { return "\(characters[0])**" }
        guard characters.count > 2 else { return "\(characters[0])*" }
        let kept = Self.doubleSurnames.contains(String(characters[..<2])) ? 2 : 1
        return String(characters[..<kept]) + String(repeating: "*", count: characters.count - kept)
    }

    private static let dots: Set<Character> = ["•", "・", "‧", "∙", "⋅", "．", "●"]

    private static let doubleSurnames: Set<String> = [
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "宇文", "长孙", "夏侯", "轩辕",
        "端木", "百里", "南宫", "独孤", "呼延", "申屠", "钟离", "闻人", "东郭", "西门", "司空", "澹台", "公冶", "宗政", "濮阳",
        "淳于", "单于", "太叔", "仲孙", "鲜于", "闾丘", "亓官", "司寇", "子车", "颛孙", "巫马", "公西", "漆雕", "乐正", "拓跋",
        "谷梁", "段干", "梁丘", "左丘", "东门", "南门", "第五", "赫连", "纳兰", "完颜", "叶赫", "耶律", "羊舌",
    ]
}
