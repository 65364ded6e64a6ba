import Foundation

/// Files with settings: a JSON object (nested objects are the parts of a key), or a file with one secret.
enum SettingsFile {
    /// A file larger than this is not a file of settings.
    private static let sizeMax = 1 << 20

    /// Reads a JSON file into dotted keys and texts.
    static func read(_ path: String) throws -> [String: String] {
        let object: Any
        do {
            object = try JSONSerialization.jsonObject(with: try contents(path))
        } catch let fault as SettingFault {
            throw fault
        } catch {
            // The parser's own message may quote the text, and with it a secret.
            throw SettingFault.unreadable(file: path, reason: BilingualText("不是有效的 JSON", "it is not valid JSON"))
        }
        guard let root = object as? [String: Any] else {
            throw SettingFault.unreadable(
                file: path, reason: BilingualText("顶层必须是 JSON 对象", "its top level must be a JSON object"))
        }
        var values: [String: String] = [:]
        try flatten(root, under: "", of: path, into: &values)
        return values
    }

    /// Reads a secret: the whole file without the line break at its end.
    static func secret(_ path: String) throws -> String {
        guard let text = String(data: try contents(path), encoding: .utf8) else {
            throw SettingFault.unreadable(file: path, reason: BilingualText("不是 UTF-8 文本", "it is not UTF-8 text"))
        }
        return String(text.reversed().drop { $0.isNewline }.reversed())
    }

    private static func contents(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingFault.unreadable(
                file: path, reason: BilingualText("文件不存在或没有权限", "it does not exist or may not be read"))
        }
        guard data.count <= sizeMax else {
            throw SettingFault.unreadable(file: path, reason: BilingualText("文件过大", "it is too large"))
        }
        return data
    }

    private static func flatten(
        _ object: [String: Any], under prefix: String, of path: String, into values: inout [String: String]
    ) throws {
        for (name, value) in object {
            let key = prefix.isEmpty ? name : "\(prefix).\(name)"
            switch value {
            case let nested as [String: Any]: try flatten(nested, under: key, of: path, into: &values)
            case let text as String: values[key] = text
            // JSON numbers and booleans both arrive as NSNumber; only a boolean has the Objective-C type `c`.
            case let number as NSNumber:
                let isBoolean = String(cString: number.objCType) == "c"
                values[key] = isBoolean ? (number.boolValue ? "true" : "false") : number.stringValue
            default:
                throw SettingFault.unreadable(
                    file: path,
                    reason: BilingualText(
                        "\(key) 必须是文本、数字或 true/false", "\(key) must be a text, a number or true/false"))
            }
        }
    }
}
