import Models

/// An order as a request states it, nothing checked yet; which fields it needs depends on the action.
package struct IncidentCommandDraft: Decodable, Sendable {
    package var actor: String?
    package var function: String?
    package var category: String?
    package var attributes: [String: String]?
    package var days: Int?
    package var applicant: String?
    package var reason: String?
    package var organisation: String?
    package var result: String?
    package var passed: Bool?
    package var method: String?
    package var helpers: [String]?
    package var organisations: [String]?
    package var kind: String?
    package var resolved: String?
    package var satisfaction: String?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(
        actor: String?, function: String? = nil, reason: String? = nil, organisation: String? = nil,
        result: String? = nil, passed: Bool? = nil, method: String? = nil, textConfirmed: Bool? = nil,
        category: String? = nil, attributes: [String: String]? = nil, days: Int? = nil, applicant: String? = nil,
        helpers: [String]? = nil, organisations: [String]? = nil, kind: String? = nil, resolved: String? = nil,
        satisfaction: String? = nil
    ) {
        self.helpers = helpers
        self.organisations = organisations
        self.kind = kind
        self.resolved = resolved
        self.satisfaction = satisfaction
        self.attributes = attributes
        self.actor = actor
        self.function = function
        self.category = category
        self.days = days
        self.applicant = applicant
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
        case .file: file(&reader)
        case .reject: reason(&reader).map { .reject(reason: $0) }
        case .selfHandle: result(&reader).map { .selfHandle(result: $0) }
        case .dispatch:
            .dispatch(
                organisation: reader.optionalText(organisation, "organisation", max: 64),
                helpers: organisations(helpers ?? [], "helpers", &reader) ?? [])
        case .accept: organisation(&reader).map { .accept(organisation: $0) }
        case .giveBack: giveBack(&reader)
        case .pause: reason(&reader).map { .pause(reason: $0) }
        case .resume: .resume
        case .extend: extend(&reader)
        case .handle: result(&reader).map { .handle(result: $0) }
        case .verify: verify(&reader)
        case .reopen: reason(&reader).map { .reopen(reason: $0) }
        case .withdraw: .withdraw
        case .whistle: whistle(&reader)
        case .followUp: followUp(&reader)
        // These have requests of their own, or none.
        case .answerWhistle, .addPhoto, .join, .split, .archive: nil
        }
    }

    private func whistle(_ reader: inout RowReader) -> IncidentCommand? {
        let kind = reader.choice(kind, "kind", of: WhistleKind.self)
        let called = organisations(organisations ?? [], "organisations", &reader)
        if called?.isEmpty == true { reader.add(.required("organisations")) }
        let reason = reason(&reader)
        guard let kind, let called, let reason else { return nil }
        return .whistle(WhistleOrder(id: .new(), kind: kind, organisations: called, reason: reason))
    }

    private func followUp(_ reader: inout RowReader) -> IncidentCommand? {
        let resolved = reader.choice(resolved, "resolved", of: IncidentFeedback.Resolved.self)
        let satisfaction = reader.choice(satisfaction, "satisfaction", of: IncidentFeedback.Satisfaction.self)
        guard let resolved, let satisfaction else { return nil }
        return .followUp(resolved, satisfaction)
    }

    /// Codes of organisations, each once; nil with a fault when there are too many or one is none.
    private func organisations(_ codes: [String], _ field: String, _ reader: inout RowReader) -> [String]? {
        guard codes.count <= WhistleOrder.organisationsMax else {
            reader.add(.outOfRange(field, 0...WhistleOrder.organisationsMax))
            return nil
        }
        var seen: Set<String> = []
        return codes.enumerated().compactMap { index, code in
            reader.text(code, "\(field)/\(index)", max: 64)
        }.filter { seen.insert($0).inserted }
    }

    /// With a category the function may be left out: it follows.
    private func file(_ reader: inout RowReader) -> IncidentCommand? {
        guard let category = reader.optionalCode(category, "category") else {
            return reader.choice(function, "function", of: GridFunction.self).map { .file($0) }
        }
        return .file(
            reader.optionalChoice(function, "function", of: GridFunction.self), category: category,
            attributes: AttributeIntake.read(attributes, isConfirmed: textConfirmed, &reader))
    }

    private func extend(_ reader: inout RowReader) -> IncidentCommand? {
        let days = reader.count(days, "days", max: Self.extensionDaysMax)
        if days == 0 { reader.add(.outOfRange("days", 1...Self.extensionDaysMax)) }
        let applicant = reader.value(applicant, "applicant", form: ("UUID", "a UUID")) { PersonID($0) }
        let reason = reason(&reader)
        guard let days, let applicant, let reason else { return nil }
        return .extend(days: days, applicant: applicant, reason: reason)
    }

    /// By how many working days the time may be extended at most: as many as complex matters have at all.
    package static let extensionDaysMax = 15

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
