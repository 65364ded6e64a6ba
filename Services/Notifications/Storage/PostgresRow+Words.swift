import Foundation
import Models
import Postgres
import ServiceKit

extension PostgresRow {
    /// The words in the four columns of a template.
    func templateWords() throws -> TemplateWords {
        TemplateWords(
            title: MessageText(try decode("title_zh"), try decode("title_en")),
            body: MessageText(try decode("body_zh"), try decode("body_en")))
    }

    /// The slots of a message.
    func messageSlots(_ column: String) throws -> MessageSlots {
        try SuiteJSON.decode(MessageSlots.self, from: Array(try decode(column, as: String.self).utf8))
    }
}
