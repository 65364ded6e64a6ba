import Foundation
import Models

/// How a report came over Open311, beside what every report says.
package struct Open311Origin: Sendable, Hashable {
    /// The most signs of a description by the standard.
    package static let descriptionMax = 4000

    /// The key that brought it.
    package let key: Open311KeyID
    /// Where a picture of it can be seen; not fetched.
    package let mediaURL: String?
    /// Where it is, in words.
    package let address: String?
    /// Where it is, as the code of a grid.
    package let addressID: String?

    /// Gathers the parts.
    package init(key: Open311KeyID, mediaURL: String? = nil, address: String? = nil, addressID: String? = nil) {
        self.key = key
        self.mediaURL = mediaURL
        self.address = address
        self.addressID = addressID
    }
}

/// A report that came over Open311, as those see it who ask over Open311.
package struct Open311Request: Sendable {
    /// The incident.
    package let incident: Incident
    /// How it came.
    package let origin: Open311Origin
    /// When it last changed.
    package let updatedAt: Date
    /// When its running clock is due; nil without one.
    package let dueAt: Date?

    /// Gathers the parts.
    package init(incident: Incident, origin: Open311Origin, updatedAt: Date, dueAt: Date?) {
        self.incident = incident
        self.origin = origin
        self.updatedAt = updatedAt
        self.dueAt = dueAt
    }
}

/// A change of a report's state, or what a client said to it.
package struct Open311Update: Sendable, Hashable {
    /// Its number, growing.
    package let id: Int64
    /// The incident's number.
    package let number: String
    /// When.
    package let at: Date
    /// Where the incident stood then.
    package let state: IncidentState
    /// The key that said it; nil for a change of state.
    package let key: Open311KeyID?
    /// What was said; nil for a change of state.
    package let description: String?
    /// Where a picture can be seen.
    package let mediaURL: String?

    /// Gathers the parts.
    package init(
        id: Int64, number: String, at: Date, state: IncidentState, key: Open311KeyID? = nil,
        description: String? = nil, mediaURL: String? = nil
    ) {
        self.id = id
        self.number = number
        self.at = at
        self.state = state
        self.key = key
        self.description = description
        self.mediaURL = mediaURL
    }
}

extension IncidentState {
    /// The word of the standard, which has two.
    package var isOpenByOpen311: Bool { !isEnd }

    /// The states that the standard calls open, or closed.
    package static func states(openByOpen311 isOpen: Bool) -> [IncidentState] {
        allCases.filter { $0.isOpenByOpen311 == isOpen }
    }
}

extension CategoryRule {
    /// Whether everybody may read what was reported under it, and exactly where.
    ///
    /// Where the rulebook says nothing, what concerns households stays with those who handle it: help in hardship and
    /// disputes.
    package var showsReports: Bool {
        isPublic ?? ![.assistanceAndRelief, .disputeMediation].contains(function)
    }
}

extension Open311Origin {
    /// The address of a picture: HTTP, at most 500 signs.
    package static func mediaURL(_ text: String?, _ reader: inout RowReader) -> String? {
        guard let text = reader.optionalText(text, "media_url", max: 500) else { return nil }
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.contains(where: \.isWhitespace) else {
            reader.add("media_url", .malformed, "应为 http 或 https 地址", "it must be an address with http or https")
            return nil
        }
        return text
    }
}
