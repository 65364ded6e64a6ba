/// The kinds of addresses at which people are reached.
package enum ContactKind: String, Sendable, CaseIterable, Codable {
    case mobile
    case email
    case wecom
    case dingtalk
}

/// An address as it travels: encrypted with a key that its producer and notifications alone have, and bound to the person
/// and the kind.
package struct SealedAddress: Codable, Sendable, Equatable {
    /// What kind of address it is.
    package var kind: ContactKind
    /// AES-256-GCM with the id of the key, as base64; it cannot be read without the key, nor moved to another person.
    package var sealed: String

    /// Gathers it.
    package init(kind: ContactKind, sealed: String) {
        self.kind = kind
        self.sealed = sealed
    }
}

/// How a person is reached, as notifications alone can read it.
package struct ContactFacts: Codable, Sendable, Equatable {
    /// Whose.
    package var personID: PersonID
    /// The division of the person's post.
    package var divisionCode: DivisionCode
    /// All addresses that the producer knows; what is not among them is known no more.
    package var addresses: [SealedAddress]

    /// Gathers the facts.
    package init(personID: PersonID, divisionCode: DivisionCode, addresses: [SealedAddress]) {
        self.personID = personID
        self.divisionCode = divisionCode
        self.addresses = addresses
    }
}

/// An event about how a person is reached; the only kind that carries addresses, and those encrypted.
package protocol ContactEvent: EventPayload {
    /// The contact after the event.
    var contact: ContactFacts { get }
    /// Wraps the facts.
    init(contact: ContactFacts)
}

extension ContactEvent {
    package static var topic: Topic { .contact }
    package var aggregateID: String { contact.personID.description }
    package var divisionCode: DivisionCode? { contact.divisionCode }
}

/// How somebody of a grid's staff is reached: whenever it is entered or changes.
package struct ContactStated: ContactEvent {
    package static let name = "ContactStated"
    package var contact: ContactFacts
    package init(contact: ContactFacts) { self.contact = contact }
}

/// Somebody's addresses were erased where they came from, and are erased by everybody who has them.
package struct ContactErased: ContactEvent {
    package static let name = "ContactErased"
    package var contact: ContactFacts
    package init(contact: ContactFacts) { self.contact = contact }
}
