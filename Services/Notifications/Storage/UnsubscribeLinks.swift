import Foundation
import Models
import ServiceKit

/// The links by which people unsubscribe in one step: who and which channel, encrypted and by that also signed, so that
/// nobody can unsubscribe another and no address of a person is in a URL.
package struct UnsubscribeLinks: Sendable {
    private static let field = "notify.unsubscribe"
    private let cipher: any FieldCipher

    /// Makes links with the service's own cipher.
    package init(cipher: any FieldCipher) { self.cipher = cipher }

    /// The token of a link.
    package func token(for person: PersonID, on channel: ChannelCode) throws -> String {
        let sealed = try cipher.encrypt("\(person)|\(channel.rawValue)", field: Self.field)
        return Data(sealed).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Whom and which channel a token names; nil for one that is not ours.
    package func read(_ token: String) -> (person: PersonID, channel: ChannelCode)? {
        guard (1...400).contains(token.utf8.count) else { return nil }
        let text = token.replacing("-", with: "+").replacing("_", with: "/")
        let padded = text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: padded),
            // Whatever does not decrypt is not ours.
            let plain = try? cipher.decrypt(Array(bytes), field: Self.field)
        else { return nil }
        let parts = plain.split(separator: "|")
        guard parts.count == 2, let person = PersonID(String(parts[0])),
            let channel = ChannelCode(rawValue: String(parts[1]))
        else { return nil }
        return (person, channel)
    }
}
