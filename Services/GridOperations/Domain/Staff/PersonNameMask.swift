/// Masks a person's name: the first character stays, or the first two of a double surname (`DOMAIN.md` 3.11).
package enum PersonNameMask {
    /// The usual double surnames 复姓.
    private static let doubleSurnames: Set<String> = [
        "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒", "夏侯", "轩辕", "端木", "百里", "呼延",
        "南宫", "东郭",
        "西门", "独孤", "澹台", "公冶", "申屠", "太史", "闻人", "赫连", "万俟", "淳于", "单于", "钟离",
    ]

    /// The masked form: `段*`, `王**`, `欧阳**`, `阿**`.
    package static func mask(_ name: String) -> String {
        guard let first = name.first else { return "" }
        // A name of several parts, as minorities have them: nothing but the first character of the first part.
        if name.contains("·") { return "\(first)**" }
        let kept = name.count >= 3 && doubleSurnames.contains(String(name.prefix(2))) ? 2 : 1
        return name.prefix(kept) + String(repeating: "*", count: max(1, name.count - kept))
    }
}
