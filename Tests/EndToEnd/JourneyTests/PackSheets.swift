import Foundation
import Models
import Spreadsheets

/// The sheets of a pack as a test reads them: without the code that imports them.
struct PackSheets {
    let directory: URL

    /// A row by heading, with its number.
    typealias Row = (number: Int, cells: [String: String])

    /// A pack that the tests bring along.
    static func named(_ name: String) throws -> PackSheets {
        guard let resources = Bundle.module.resourceURL else { throw JourneyFailure(description: "no resources") }
        return PackSheets(directory: resources.appendingPathComponent("Packs/\(name)"))
    }

    /// The file names of the sheets, in the order of their numbers.
    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".csv") || $0.hasSuffix(".xlsx") }.sorted()
    }

    /// The rows of the sheet whose file name begins with two digits.
    func rows(_ number: String) throws -> [Row] {
        guard let name = try files().first(where: { $0.hasPrefix(number) }) else {
            throw JourneyFailure(description: "no sheet \(number)")
        }
        let reader = try SpreadsheetReader.open(directory.appendingPathComponent(name).path)
        var rows: [Row] = []
        while let row = try reader.next() {
            var cells: [String: String] = [:]
            for heading in reader.headings {
                cells[heading] = try row[heading]?.trimmedTextOrEmpty() ?? ""
            }
            rows.append((row.number, cells))
        }
        return rows
    }

    /// The figures of the digest, counted from the sheets as DOMAIN.md defines them.
    func figures() throws -> [String: Int] {
        let divisions = try rows("01").map(\.cells)
        let urban = Set(
            divisions.filter { ["城市社区", "村改居社区"].contains($0["类型"]) }.compactMap { $0["区划代码"] })
        let organisations = try rows("03").map(\.cells)
        let counts = try rows("04").map(\.cells)
        func sum(_ heading: String) -> Int { counts.reduce(0) { $0 + (Int($1[heading] ?? "") ?? 0) } }
        func ofKind(_ kind: String) -> [[String: String]] { organisations.filter { $0["组织类型"] == kind } }
        let talents = try rows("05").map(\.cells)
        let units = try rows("14").map(\.cells)
        let pairings = try rows("16").map(\.cells)
        let stations = try rows("22").map(\.cells).filter { $0["类型"] == "雨润家园服务站" }
        let covered = urban.intersection(organisations.compactMap { $0["所在区划"] })
        return [
            "N01": ofKind("党总支").count { urban.contains($0["所在区划"] ?? "") },
            "N03": ofKind("党支部").count, "N04": ofKind("乡镇党委").count,
            "N05": sum("党员总数"), "N06": sum("离退休党员"), "N07": sum("“两新”组织党员"), "N08": sum("35岁以下"),
            "N09": sum("60岁以上"), "N10": sum("大专以上"),
            "N11": urban.isEmpty ? 0 : 100 * covered.count / urban.count,
            "N12": Set(talents.compactMap { $0["村（社区）代码"] }).count, "N13": talents.count,
            "N19": units.count, "N20": units.reduce(0) { $0 + (Int($1["党员人数"] ?? "") ?? 0) },
            "N21": Set(pairings.compactMap { $0["区划代码"] }).count, "N23": stations.count,
            "N24": stations.compactMap { Int($0["建成年份"] ?? "") }.min() ?? 0,
        ]
    }

    /// Grids and incidents, counted from the sheets.
    func gridFigures() throws -> [String: Int] {
        let grids = try rows("02").map(\.cells)
        var roles: [String: Set<String>] = [:]
        for row in try rows("13").map(\.cells) { roles[row["网格编码"] ?? "", default: []].insert(row["角色"] ?? "") }
        func complete(_ level: String, _ wanted: Set<String>) -> Int {
            grids.count { $0["层级"] == level && wanted.isSubset(of: roles[$0["网格编码"] ?? ""] ?? []) }
        }
        return [
            "areas": grids.count { $0["层级"] == "责任区" }, "groups": grids.count { $0["层级"] == "服务小组" },
            "onePlusOnePlusNComplete": complete("服务小组", ["社区干部", "网格党小组长", "党员志愿者"]),
            "threeStaffComplete": complete("责任区", ["网格员", "网格警", "志愿者队伍"]),
            "incidents": try rows("26").count,
        ]
    }
}

/// What was spoilt in a dirty pack.
struct SpoiltCell: Decodable {
    let file: String
    let row: Int
    let column: String
    let was: String
    let `is`: String

    /// Whether the new content breaks a rule.
    ///
    /// Another form of a date and spaces around a name do not.
    var breaksRule: Bool {
        let text = self.is.trimmingCharacters(in: .whitespaces)
        switch column {
        case "公民身份号码": return (try? CitizenIdentityNumber.check(text)) == nil  // Which fault does not matter here.
        case "区划代码": return DivisionCode(text) == nil
        case "出生日期": return CalendarDay(text.replacing("/", with: "-")) == nil
        case "联系电话": return MobileNumber.check(text) == nil
        default: return text.isEmpty
        }
    }
}
