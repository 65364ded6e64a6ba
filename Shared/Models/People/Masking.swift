/// The one rule by which personal values are masked (`DOMAIN.md` 3.11), before a log or an answer is made.
///
/// Every function may be given any text: what does not have the form of its kind is hidden as a whole. The code of an
/// organisation is not personal and has no function here.
package enum Masking {
    /// What stands for a value of which nothing may be seen.
    private static let hidden = "****"

    /// A person's name: `段*`, `王**`, `欧阳**`, `阿**`.
    ///
    /// The first character stays, with three characters or more both of a double surname; of a name in parts only the
    /// first character of the first part. A single character is hidden.
    package static func name(_ name: String) -> String {
        let characters = Array(name)
        guard characters.count > 1 else { return "*" }
        if characters.contains("·") { return "\(characters[0])**" }
        let isDouble = characters.count > 2 && doubleSurnames.contains(String(characters[..<2]))
        let kept = isDouble ? 2 : 1
        return String(characters[..<kept]) + String(repeating: "*", count: characters.count - kept)
    }

    /// A mobile number: `138****5678`.
    package static func mobile(_ number: String) -> String {
        guard MobileNumber.check(number) == number else { return hidden }
        return "\(number.prefix(3))****\(number.suffix(4))"
    }

    /// A landline number, with or without a hyphen behind the area code: `0872-****12`.
    package static func landline(_ number: String) -> String {
        let digits = number.filter { $0 != "-" }
        guard (10...12).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.hasPrefix("0"), !digits.hasPrefix("00")
        else { return hidden }
        // Beijing and the cities of 02x have area codes of three digits, all others of four.
        let area = digits.prefix(digits.hasPrefix("010") || digits.hasPrefix("02") ? 3 : 4)
        return "\(area)-****\(digits.suffix(2))"
    }

    /// A citizen identity number, for its owner alone, since lists and texts never show one: `532***********0013`.
    package static func identityNumber(_ number: String) -> String {
        guard number.count == 18 else { return hidden }
        return "\(number.prefix(3))\(String(repeating: "*", count: 11))\(number.suffix(4))"
    }

    /// An address, of which the community or the building is shown: `花园社区***`.
    package static func address(in place: String) -> String { place + "***" }

    /// A bank account: `****1234`.
    package static func bankAccount(_ number: String) -> String {
        guard number.count > 4 else { return hidden }
        return hidden + number.suffix(4)
    }

    /// The double surnames 复姓 that are in use.
    private static let doubleSurnames: Set<String> = [
        "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "宇文", "长孙", "夏侯", "轩辕",
        "端木", "百里", "南宫", "独孤", "呼延", "申屠", "钟离", "闻人", "东郭", "西门", "司空", "澹台", "公冶", "宗政", "濮阳",
        "淳于", "单于", "太叔", "仲孙", "鲜于", "闾丘", "亓官", "司寇", "子车", "颛孙", "巫马", "公西", "漆雕", "乐正", "拓跋",
        "谷梁", "段干", "梁丘", "左丘", "东门", "南门", "第五", "赫连", "纳兰", "完颜", "叶赫", "耶律", "羊舌", "太史", "万俟",
    ]
}
