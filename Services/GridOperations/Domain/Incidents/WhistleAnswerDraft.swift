import Models

/// An answer to a whistle as a request states it, nothing checked yet.
package struct WhistleAnswerDraft: Decodable, Sendable {
    package var actor: String?
    /// Whose answer it is; may be left out where the caller stands for one unit alone.
    package var organisation: String?
    /// The unit has come to the place.
    package var arrived: Bool?
    /// What it did.
    package var result: String?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?

    /// Gathers the fields.
    package init(
        actor: String?, organisation: String? = nil, arrived: Bool? = nil, result: String? = nil,
        textConfirmed: Bool? = nil
    ) {
        self.actor = actor
        self.organisation = organisation
        self.arrived = arrived
        self.result = result
        self.textConfirmed = textConfirmed
    }

    /// The answer and who gives it.
    ///
    /// - Parameter units: the units that the caller stands for.
    /// - Throws: all faults of the request.
    package func checked(of units: [String]) throws(RowFaults) -> (answer: WhistleAnswer, actor: PersonID) {
        var reader = RowReader()
        let actor = reader.value(actor, "actor", form: ("UUID", "a UUID")) { PersonID($0) }
        let own = units.count == 1 ? units.first : nil
        let organisation = reader.text(organisation ?? own, "organisation", max: 64)
        let result = PersonalNumberRule.checked(
            reader.optionalText(result, "result", max: 2000), "result", isConfirmed: textConfirmed, &reader)
        let hasArrived = arrived ?? false
        if !hasArrived, result == nil, reader.isSound {
            reader.add(
                "result", .required, "请填写办理结果，或设 arrived 为 true 表示已到场", "state a result, or that the unit has arrived")
        }
        guard let actor, let organisation else { throw RowFaults(reader.faults) }
        return (
            try reader.checked(WhistleAnswer(organisation: organisation, hasArrived: hasArrived, result: result)), actor
        )
    }
}
