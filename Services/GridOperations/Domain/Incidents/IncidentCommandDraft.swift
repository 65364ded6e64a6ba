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
    package func checked(_ action: IncidentAction) throws(FieldFaults) -> (command: IncidentCommand, actor: PersonID) {
        var reader = FieldReader()
        let actor = reader.value(actor, .actor, form: ("UUID", "a UUID")) { PersonID($0) }
        let command = command(action, &reader)
        guard let actor, let command else { throw FieldFaults(reader.faults) }
        return (try reader.checked(command), actor)
    }

    private func command(_ action: IncidentAction, _ reader: inout FieldReader) -> IncidentCommand? {
        switch action {
        case .file: reader.choice(function, .function, as: GridFunction.self).map { .file($0) }
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

    private func giveBack(_ reader: inout FieldReader) -> IncidentCommand? {
        let organisation = organisation(&reader)
        let reason = reason(&reader)
        guard let organisation, let reason else { return nil }
        return .giveBack(organisation: organisation, reason: reason)
    }

    private func verify(_ reader: inout FieldReader) -> IncidentCommand? {
        let method = reader.choice(method, .verificationMethod, as: VerificationMethod.self)
        if passed == nil {
            reader.add(.passed, .required, "缺少核查结论，请补填", "the outcome of the verification is missing; fill it in")
        }
        guard let method, let passed else { return nil }
        return .verify(passed: passed, method: method)
    }

    private func organisation(_ reader: inout FieldReader) -> String? {
        reader.text(organisation, .organisation, lengthMax: 64)
    }

    private func reason(_ reader: inout FieldReader) -> String? {
        PersonalNumberRule.checked(
            reader.text(reason, .reason, lengthMax: 500), .reason, isConfirmed: textConfirmed, &reader)
    }

    private func result(_ reader: inout FieldReader) -> String? {
        PersonalNumberRule.checked(
            reader.text(result, .result, lengthMax: 2000), .result, isConfirmed: textConfirmed, &reader)
    }
}

extension FieldName {
    static let actor = FieldName("actor", "操作人", "actor")
    static let reason = FieldName("reason", "理由", "reason")
    static let result = FieldName("result", "处理结果", "result")
    static let organisation = FieldName("organisation", "承办单位", "organisation")
    static let passed = FieldName("passed", "核查结论", "outcome of the verification")
    static let verificationMethod = FieldName("method", "核查方式", "method of verification")
}
