import Models

/// An order as a request states it, nothing checked yet; which fields it needs depends on the action.
package struct IncidentCommandDraft: Decodable, Sendable {
    package var actor: String?
    package var function: String?
    package var reason: String?
    package var organisation: String?
    package var result: String?
    package var passed: Bool?
    package var method: String?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(
        actor: String?, function: String? = nil, reason: String? = nil, organisation: String? = nil,
        result: String? = nil, passed: Bool? = nil, method: String? = nil, textConfirmed: Bool? = nil
    ) {
        self.actor = actor
        self.function = function
        self.reason = reason
        self.organisation = organisation
        self.result = result
        self.passed = passed
        self.method = method
        self.textConfirmed = textConfirmed
    }

    /// The order and who gives it.
    ///
    /// - Throws: all faults of the request.
    package func checked(_ action: IncidentAction) throws(RowFaults) -> (command: IncidentCommand, actor: PersonID) {
        var reader = RowReader()
        let actor = reader.value(actor, "actor", form: ("UUID", "a UUID")) { PersonID($0) }
        let command = command(action, &reader)
        guard let actor, let command else { throw RowFaults(reader.faults) }
        return (try reader.checked(command), actor)
    }

    private func command(_ action: IncidentAction, _ reader: inout RowReader) -> IncidentCommand? {
        switch action {
        case .file: reader.choice(function, "function", of: GridFunction.self).map { .file($0) }
        case .reject: reason(&reader).map { .reject(reason: $0) }
        case .selfHandle: result(&reader).map { .selfHandle(result: $0) }
        case .dispatch: organisation(&reader).map { .dispatch(organisation: $0) }
        case .accept: organisation(&reader).map { .accept(organisation: $0) }
        case .giveBack: giveBack(&reader)
        case .handle: result(&reader).map { .handle(result: $0) }
        case .verify: verify(&reader)
        case .reopen: reason(&reader).map { .reopen(reason: $0) }
        case .withdraw: .withdraw
        }
    }

    private func giveBack(_ reader: inout RowReader) -> IncidentCommand? {
        let organisation = organisation(&reader)
        let reason = reason(&reader)
        guard let organisation, let reason else { return nil }
        return .giveBack(organisation: organisation, reason: reason)
    }

    private func verify(_ reader: inout RowReader) -> IncidentCommand? {
        let method = reader.choice(method, "method", of: VerificationMethod.self)
        if passed == nil {
            reader.add(.required("passed"))
        }
        guard let method, let passed else { return nil }
        return .verify(passed: passed, method: method)
    }

    private func organisation(_ reader: inout RowReader) -> String? {
        reader.text(organisation, "organisation", max: 64)
    }

    private func reason(_ reader: inout RowReader) -> String? {
        PersonalNumberRule.checked(
            reader.text(reason, "reason", max: 500, allowingLines: true), "reason", isConfirmed: textConfirmed, &reader)
    }

    private func result(_ reader: inout RowReader) -> String? {
        PersonalNumberRule.checked(
            reader.text(result, "result", max: 2000, allowingLines: true), "result", isConfirmed: textConfirmed, &reader
        )
    }
}
