/// A setting that cannot be used: which one, why, and what to do.
///
/// It never holds the value of a secret.
package struct SettingFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, Chinese and English.
    package let cause: BilingualText
    /// What to do about it, Chinese and English.
    package let nextStep: BilingualText

    /// Makes a fault.
    package init(cause: BilingualText, nextStep: BilingualText) {
        self.cause = cause
        self.nextStep = nextStep
    }

    /// Two lines, Chinese first.
    package var description: String {
        "配置错误：\(cause.chinese)。\(nextStep.chinese)。\n"
            + "configuration error: \(cause.english). \(nextStep.english)."
    }
}

extension SettingFault {
    /// A value that the setting does not take.
    ///
    /// The value is shown unless the setting is a secret.
    static func invalid(_ setting: SettingDescription, value: String, from source: String) -> SettingFault {
        let shown = setting.isSecret ? "***" : "“\(value)”"
        return SettingFault(
            cause: BilingualText(
                "设置 \(setting.key) 的值 \(shown)（来自 \(source)）无效，应为\(setting.kind.expectation.chinese)",
                "setting \(setting.key) has the value \(shown) (from \(source)), but it takes "
                    + setting.kind.expectation.english),
            nextStep: remedy(setting))
    }

    /// A setting without which the service cannot start.
    static func missing(_ setting: SettingDescription) -> SettingFault {
        SettingFault(
            cause: BilingualText(
                "缺少必需的设置 \(setting.key)（\(setting.meaning.chinese)）",
                "the required setting \(setting.key) is missing (\(setting.meaning.english))"),
            nextStep: remedy(setting))
    }

    /// A name that no setting has.
    static func unknown(name: String, from source: String, nearest: String?) -> SettingFault {
        SettingFault(
            cause: BilingualText("不认识的设置 \(name)（来自 \(source)）", "unknown setting \(name) (from \(source))"),
            nextStep: BilingualText(
                nearest.map { "是否想写 \($0)？用 --help 查看全部设置" } ?? "用 --help 查看全部设置",
                nearest.map { "Did you mean \($0)? See --help for all settings" } ?? "See --help for all settings"))
    }

    /// A file of settings, or a file with a secret, that cannot be read.
    static func unreadable(file: String, reason: BilingualText) -> SettingFault {
        SettingFault(
            cause: BilingualText("无法读取文件 \(file)：\(reason.chinese)", "cannot read the file \(file): \(reason.english)"),
            nextStep: BilingualText("检查路径、权限和内容", "Check its path, its rights and its content"))
    }

    private static func remedy(_ setting: SettingDescription) -> BilingualText {
        let file = setting.fileCompanion.map { " / \($0.argument)" } ?? ""
        return BilingualText(
            "用参数 \(setting.argument)\(file)、环境变量 \(setting.environmentName) 或配置文件设定",
            "Set it by the argument \(setting.argument)\(file), the variable \(setting.environmentName) or the file")
    }
}

extension SettingDescription.Kind {
    /// What a value has to be, for messages and help.
    package var expectation: BilingualText {
        switch self {
        case .text: BilingualText("非空文本", "a text that is not empty")
        case .integer(let range):
            BilingualText(
                "\(range.lowerBound) 到 \(range.upperBound) 的整数",
                "a whole number from \(range.lowerBound) to \(range.upperBound)")
        case .duration(let range):
            BilingualText(
                "\(DurationText.format(range.lowerBound)) 到 \(DurationText.format(range.upperBound)) 的时长"
                    + "（如 250ms、30s、5m、12h、7d）",
                "a span of time from \(DurationText.format(range.lowerBound)) to "
                    + "\(DurationText.format(range.upperBound)) (such as 250ms, 30s, 5m, 12h, 7d)")
        case .flag: BilingualText("true 或 false", "true or false")
        case .choice(let words):
            BilingualText(words.joined(separator: "、") + " 之一", "one of " + words.joined(separator: ", "))
        case .secret: BilingualText("非空的保密文本", "a secret text that is not empty")
        }
    }
}
