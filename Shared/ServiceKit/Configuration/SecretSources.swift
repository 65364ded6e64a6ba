import Foundation

/// Where a process must not leave its secrets lying.
enum SecretSources {
    /// Arguments stand in the list of processes for everybody to read, so no secret is taken from there.
    ///
    /// - Throws: `SettingFault`, without the value.
    static func refuseArguments(_ input: CommandLineInput, _ descriptions: [SettingDescription]) throws {
        for setting in descriptions where setting.isSecret && input.values[setting.argument] != nil {
            throw SettingFault(
                cause: BilingualText(
                    "保密设置 \(setting.key) 不能用参数给出，因为进程列表人人可见",
                    "the secret \(setting.key) cannot be given as an argument, which every user of the machine can see"),
                nextStep: BilingualText(
                    "改用 \(setting.argument)-file、环境变量 \(setting.environmentName) 或配置文件",
                    "Use \(setting.argument)-file, the variable \(setting.environmentName), or the file of settings"))
        }
    }

    /// Overwrites secrets in the environment that the process was given: once read they are needed there no more, and
    /// `/proc/<pid>/environ`, a core and every child would hold them.
    ///
    /// Call it once, before there are other threads that may read the environment.
    static func eraseEnvironment(_ descriptions: [SettingDescription]) {
        for setting in descriptions where setting.isSecret {
            guard let value = getenv(setting.environmentName) else { continue }
            memset(value, Int32(UInt8(ascii: "*")), strlen(value))
        }
    }
}
