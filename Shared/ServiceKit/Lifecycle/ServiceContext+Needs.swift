import Foundation

extension ServiceContext {
    /// The time of the context's clock, for use cases.
    package var now: @Sendable () -> Date { { [clock] in clock.now } }

    /// The cipher of personal fields, for a service that cannot do without one.
    ///
    /// - Parameter service: the service in both languages, for the message.
    /// - Throws: `SettingFault` when the service was started without keys.
    package func cipherWithKeys(for service: BilingualText) throws -> any FieldCipher {
        guard cipher is MissingFieldCipher else { return cipher }
        throw SettingFault(
            cause: BilingualText(
                "\(service.chinese)需要个人信息加密密钥", "\(service.english) needs keys for personal fields"),
            nextStep: BilingualText("设置 crypto.keys 或 crypto.keysFile", "Set crypto.keys or crypto.keysFile"))
    }
}
