/// What a setting is: its name, what it means, which values it takes, and what it is when nobody sets it.
///
/// Every setting of a service is described, so that `--help` can print it, an invalid value can be refused with a
/// reason, and a name that nobody knows is an error instead of a setting that does nothing.
package struct SettingDescription: Sendable, Hashable {
    /// The values that a setting takes.
    package enum Kind: Sendable, Hashable {
        /// Any text that is not empty.
        case text
        /// A whole number within a range.
        case integer(ClosedRange<Int>)
        /// A span of time within a range, written `250ms`, `30s`, `5m`, `12h` or `7d`.
        case duration(ClosedRange<Duration>)
        /// `true` or `false`.
        case flag
        /// One of a list of words.
        case choice([String])
        /// A text that is never printed or logged; it may also come from a file named by the key with `File` appended.
        case secret
    }

    /// The dotted key, for example `http.port`.
    package let key: String
    /// Which values it takes.
    package let kind: Kind
    /// The value when nobody sets it; nil when it may be absent or, if `isRequired`, must be given.
    package let defaultValue: String?
    /// Whether the service cannot start without it.
    package let isRequired: Bool
    /// What it is for, with its unit.
    package let meaning: BilingualText

    private init(key: String, kind: Kind, defaultValue: String?, isRequired: Bool, meaning: BilingualText) {
        self.key = key
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.meaning = meaning
    }

    /// Whether its value must never be shown.
    package var isSecret: Bool { kind == .secret }
}

extension SettingDescription {
    /// Describes a text.
    ///
    /// Without default it is optional, unless it is required.
    package static func text(
        _ key: String, default value: String? = nil, isRequired: Bool = false, _ meaning: BilingualText
    ) -> SettingDescription {
        SettingDescription(key: key, kind: .text, defaultValue: value, isRequired: isRequired, meaning: meaning)
    }

    /// Describes a whole number.
    package static func integer(
        _ key: String, in range: ClosedRange<Int>, default value: Int, _ meaning: BilingualText
    ) -> SettingDescription {
        SettingDescription(
            key: key, kind: .integer(range), defaultValue: String(value), isRequired: false, meaning: meaning)
    }

    /// Describes a span of time.
    package static func duration(
        _ key: String, in range: ClosedRange<Duration>, default value: Duration, _ meaning: BilingualText
    ) -> SettingDescription {
        SettingDescription(
            key: key, kind: .duration(range), defaultValue: DurationText.format(value), isRequired: false,
            meaning: meaning)
    }

    /// Describes something that is on or off.
    package static func flag(_ key: String, default value: Bool, _ meaning: BilingualText) -> SettingDescription {
        SettingDescription(
            key: key, kind: .flag, defaultValue: value ? "true" : "false", isRequired: false, meaning: meaning)
    }

    /// Describes a choice between words.
    package static func choice(
        _ key: String, of words: [String], default value: String, _ meaning: BilingualText
    ) -> SettingDescription {
        SettingDescription(key: key, kind: .choice(words), defaultValue: value, isRequired: false, meaning: meaning)
    }

    /// Describes a password, a key or an address that holds one.
    package static func secret(_ key: String, isRequired: Bool, _ meaning: BilingualText) -> SettingDescription {
        SettingDescription(key: key, kind: .secret, defaultValue: nil, isRequired: isRequired, meaning: meaning)
    }
}

extension SettingDescription {
    /// The command line argument, `http.poolSize` → `--http-pool-size`.
    package var argument: String { "--" + Self.separated(key, by: "-").lowercased() }

    /// The environment variable, `http.poolSize` → `TIAOKUAI_HTTP_POOL_SIZE`.
    package var environmentName: String { "TIAOKUAI_" + Self.separated(key, by: "_").uppercased() }

    /// The setting that names a file holding this secret: the key with `File` appended.
    package var fileCompanion: SettingDescription? {
        guard isSecret else { return nil }
        return .text(
            key + "File", BilingualText("含有 \(key) 的文件路径", "path of a file that holds \(key)"))
    }

    /// Follows the key encoders of swift-configuration: dots and the borders between lower and upper case separate.
    private static func separated(_ key: String, by separator: Character) -> String {
        var result = ""
        var previousIsLowercase = false
        for character in key {
            if character == "." {
                result.append(separator)
            } else {
                if previousIsLowercase && character.isUppercase { result.append(separator) }
                result.append(character)
            }
            previousIsLowercase = character.isLowercase
        }
        return result
    }
}
