import Configuration
import Foundation

/// Reads settings from their layers, arguments → environment → file → default, and validates each.
package struct SettingsLoader {
    private struct Layer {
        let reader: ConfigReader
        let sourceName: (SettingDescription) -> String
    }

    private let descriptions: [SettingDescription]
    private let companions: [SettingDescription]
    private var layers: [Layer] = []

    private init(descriptions: [SettingDescription]) {
        self.descriptions = descriptions
        companions = descriptions.compactMap(\.fileCompanion)
    }

    /// Reads all described settings.
    ///
    /// - Parameters:
    ///   - descriptions: the settings of the service; keys must differ.
    ///   - input: the arguments of the process.
    ///   - environment: the environment of the process. Names that begin with `TIAOKUAI_` belong to us and must be known
    ///     by this service or by the command line (`TIAOKUAI_LOCAL…`, `TIAOKUAI_PORTS`, `TIAOKUAI_TOKEN`).
    /// - Throws: `SettingFault`, naming setting, cause and next step.
    package static func load(
        _ descriptions: [SettingDescription], input: CommandLineInput, environment: [String: String]
    ) throws -> SettingsReader {
        var loader = SettingsLoader(descriptions: descriptions)
        try loader.addArguments(input.values)
        try loader.addEnvironment(environment)
        if let file = input.configurationFile ?? environment["TIAOKUAI_CONFIG"] { try loader.addFile(file) }
        return try loader.read()
    }

    private mutating func addArguments(_ values: [String: String]) throws {
        var known: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in values {
            guard let setting = (descriptions + companions).first(where: { $0.argument == name }) else {
                throw SettingFault.unknown(
                    name: name, from: "arguments", nearest: nearest(to: name, among: descriptions.map(\.argument)))
            }
            known[AbsoluteConfigKey(ConfigKey(setting.key))] = ConfigValue(.string(value), isSecret: setting.isSecret)
        }
        let provider = InMemoryProvider(name: "arguments", values: known)
        layers.append(Layer(reader: ConfigReader(provider: provider)) { "argument \($0.argument)" })
    }

    private mutating func addEnvironment(_ environment: [String: String]) throws {
        let ours = environment.filter { name, _ in
            name.hasPrefix("TIAOKUAI_") && name != "TIAOKUAI_CONFIG" && !name.hasPrefix("TIAOKUAI_LOCAL")
                && name != "TIAOKUAI_PORTS" && name != "TIAOKUAI_TOKEN"
        }
        let names = Set((descriptions + companions).map(\.environmentName))
        for name in ours.keys.sorted() where !names.contains(name) {
            throw SettingFault.unknown(
                name: name, from: "environment", nearest: nearest(to: name, among: names.sorted()))
        }
        let provider = EnvironmentVariablesProvider(
            environmentVariables: ours, secretsSpecifier: .all
        ).prefixKeys(with: "tiaokuai")
        layers.append(Layer(reader: ConfigReader(provider: provider)) { "environment \($0.environmentName)" })
    }

    private mutating func addFile(_ path: String) throws {
        var known: [AbsoluteConfigKey: ConfigValue] = [:]
        let keys = Set((descriptions + companions).map(\.key))
        for (key, value) in try SettingsFile.read(path) {
            guard keys.contains(key) else {
                throw SettingFault.unknown(name: key, from: path, nearest: nearest(to: key, among: keys.sorted()))
            }
            known[AbsoluteConfigKey(ConfigKey(key))] = ConfigValue(.string(value), isSecret: true)
        }
        let provider = InMemoryProvider(name: path, values: known)
        layers.append(Layer(reader: ConfigReader(provider: provider)) { _ in path })
    }

    private func read() throws -> SettingsReader {
        var values: [String: String] = [:]
        for setting in descriptions {
            guard let (value, source) = try value(of: setting) else {
                if setting.isRequired { throw SettingFault.missing(setting) }
                values[setting.key] = setting.defaultValue
                continue
            }
            guard setting.kind.accepts(value) else {
                throw SettingFault.invalid(setting, value: value, from: source)
            }
            values[setting.key] = value
        }
        return SettingsReader(descriptions: descriptions, values: values)
    }

    private func value(of setting: SettingDescription) throws -> (value: String, source: String)? {
        for layer in layers {
            if let value = layer.reader.string(forKey: ConfigKey(setting.key), isSecret: setting.isSecret) {
                return (value, layer.sourceName(setting))
            }
            guard let companion = setting.fileCompanion,
                let path = layer.reader.string(forKey: ConfigKey(companion.key))
            else { continue }
            return (try SettingsFile.secret(path), layer.sourceName(companion))
        }
        return nil
    }

    /// The known name that shares the longest beginning, when it is more than half of the unknown one.
    private func nearest(to name: String, among known: [String]) -> String? {
        let best = known.max { $0.commonPrefix(with: name).count < $1.commonPrefix(with: name).count }
        guard let best, best.commonPrefix(with: name).count * 2 > name.count else { return nil }
        return best
    }
}

extension SettingDescription.Kind {
    /// Whether a text is a value of this kind.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .text, .secret: !text.isEmpty
        case .integer(let range): Int(text).map(range.contains) ?? false
        case .duration(let range): DurationText.parse(text).map(range.contains) ?? false
        case .flag: text == "true" || text == "false"
        case .choice(let words): words.contains(text)
        }
    }
}
