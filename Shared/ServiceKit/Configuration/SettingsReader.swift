/// The settings of a service, read once at the start and valid.
///
/// Reading a key that is not described, or as another kind than described, is a mistake in the program and throws
/// `SettingFault`, so that the first start shows it.
package struct SettingsReader: Sendable {
    private let descriptions: [String: SettingDescription]
    private let values: [String: String]

    /// Takes values that have been validated against their descriptions.
    init(descriptions: [SettingDescription], values: [String: String]) {
        self.descriptions = Dictionary(descriptions.map { ($0.key, $0) }) { first, _ in first }
        self.values = values
    }

    /// The text of a setting that has a default or is required.
    package func string(_ key: String) throws -> String {
        guard let value = try optionalString(key) else { throw Self.misuse(key, "has no value") }
        return value
    }

    /// The text of a setting that may be absent.
    package func optionalString(_ key: String) throws -> String? {
        guard let description = descriptions[key] else { throw Self.misuse(key, "is not described") }
        guard !description.isSecret else { throw Self.misuse(key, "is a secret") }
        return values[key]
    }

    /// The whole number of a setting.
    package func int(_ key: String) throws -> Int {
        guard let value = Int(try string(key)) else { throw Self.misuse(key, "is not a number") }
        return value
    }

    /// The span of time of a setting.
    package func duration(_ key: String) throws -> Duration {
        guard let value = DurationText.parse(try string(key)) else { throw Self.misuse(key, "is not a duration") }
        return value
    }

    /// Whether a flag is on.
    package func bool(_ key: String) throws -> Bool { try string(key) == "true" }

    /// The text of a secret, or nil when it is not set.
    package func secret(_ key: String) throws -> String? {
        guard let description = descriptions[key] else { throw Self.misuse(key, "is not described") }
        guard description.isSecret else { throw Self.misuse(key, "is not a secret") }
        return values[key]
    }

    private static func misuse(_ key: String, _ reason: String) -> SettingFault {
        SettingFault(
            cause: BilingualText("程序错误：设置 \(key) 的用法不对", "mistake in the program: the setting \(key) \(reason)"),
            nextStep: BilingualText("请把这条信息交给开发人员", "Give this message to the developers"))
    }
}

extension SettingsReader: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names only, so that printing the settings shows no secret.
    package var description: String { "settings \(values.keys.sorted())" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["keys": values.keys.sorted()]) }
}
