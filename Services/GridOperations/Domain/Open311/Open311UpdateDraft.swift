import Foundation
import Models

/// What a client says to a report, as a request states it.
package struct Open311UpdateDraft: Sendable {
    /// What has been read of it.
    package struct Update: Sendable, Hashable {
        package let number: String
        package let at: Date
        package let clientUpdateID: String?
        package let description: String
        package let mediaURL: String?
    }

    package var number: String?
    package var clientUpdateID: String?
    package var description: String?
    package var mediaURL: String?
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(
        number: String?, clientUpdateID: String?, description: String?, mediaURL: String?, textConfirmed: Bool?
    ) {
        self.number = number
        self.clientUpdateID = clientUpdateID
        self.description = description
        self.mediaURL = mediaURL
        self.textConfirmed = textConfirmed
    }

    /// The update that it describes.
    ///
    /// - Throws: all faults of the request.
    package func update(at moment: Date) throws(RowFaults) -> Update {
        var reader = RowReader()
        let number = reader.text(number, "service_request_id", max: 40)
        let clientUpdateID = reader.optionalText(clientUpdateID, "update_id", max: 100)
        let description = PersonalNumberRule.checked(
            reader.text(description, "description", max: Open311Origin.descriptionMax, allowingLines: true),
            "description", isConfirmed: textConfirmed, &reader)
        let mediaURL = Open311Origin.mediaURL(mediaURL, &reader)
        guard let number, let description else { throw RowFaults(reader.faults) }
        return try reader.checked(
            Update(
                number: number, at: moment, clientUpdateID: clientUpdateID, description: description,
                mediaURL: mediaURL))
    }
}
