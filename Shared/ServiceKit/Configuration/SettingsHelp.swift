import Models

/// The text of `--help`.
package enum SettingsHelp {
    /// Lists commands and settings, each with argument, variable, values, default and meaning.
    package static func text(service: ServiceName, settings: [SettingDescription]) -> String {
        var lines = [
            "用法 Usage: \(service.rawValue) [serve|migrate|help|version] [--config FILE] [settings]",
            "",
            "  serve    运行服务（默认） runs the service (default)",
            "  migrate  升级数据库后退出 brings the database to the newest migration and ends",
            "  help     显示本页 prints this page          version  显示版本 prints the version",
            "",
            "设置按此顺序生效 Settings, first found counts: 参数 arguments → 环境变量 environment → 文件 file (--config, JSON) → 默认 default",
            "退出码 Exit codes: 0 正常 ok, 64 参数 usage, 69 依赖不可用 dependency unavailable, 78 配置 configuration",
            "",
        ]
        for setting in settings {
            let marks = (setting.isRequired ? " [必需 required]" : "") + (setting.isSecret ? " [保密 secret]" : "")
            lines.append("  \(setting.argument)  \(setting.environmentName)\(marks)")
            lines.append("      \(setting.meaning.chinese)")
            lines.append("      \(setting.meaning.english)")
            let fallback = setting.defaultValue ?? "无 none"
            lines.append("      取值 values: \(setting.kind.expectation.english); 默认 default: \(fallback)")
            if let companion = setting.fileCompanion {
                lines.append("      或来自文件 or from a file: \(companion.argument)  \(companion.environmentName)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
