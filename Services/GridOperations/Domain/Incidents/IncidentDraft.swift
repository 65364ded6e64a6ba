import Foundation
import Models

/// A report as a request states it, nothing checked yet: one that is made now, or a row of an old sheet.
package struct IncidentDraft: Decodable, Sendable {
    package var externalNumber: String?
    package var reportedAt: Date?
    package var function: String?
    package var title: String?
    package var description: String?
    package var longitude: Double?
    package var latitude: Double?
    package var source: String?
    package var urgency: String?
    package var reporterID: String?
    package var anonymous: Bool?
    package var contactName: String?
    package var contactMobile: String?
    /// The writer has seen the warning about personal numbers; they are then hidden.
    package var textConfirmed: Bool?
    /// The code of a category; the function is then the category's.
    package var category: String?
    /// What the category asks, by the codes of its attributes.
    package var attributes: [String: String]?

    /// Gathers the fields.
    package init(
        externalNumber: String? = nil, reportedAt: Date? = nil, function: String?, title: String?, description: String?,
        longitude: Double?, latitude: Double?, source: String?, urgency: String?, reporterID: String? = nil,
        anonymous: Bool? = nil, textConfirmed: Bool? = nil, contactName: String? = nil, contactMobile: String? = nil,
        category: String? = nil, attributes: [String: String]? = nil
    ) {
        self.category = category
        self.attributes = attributes
        self.contactName = contactName
        self.contactMobile = contactMobile
        self.externalNumber = externalNumber
        self.reportedAt = reportedAt
        self.function = function
        self.title = title
        self.description = description
        self.longitude = longitude
        self.latitude = latitude
        self.source = source
        self.urgency = urgency
        self.reporterID = reporterID
        self.anonymous = anonymous
        self.textConfirmed = textConfirmed
    }

    /// The most signs of a description, except where another standard says so.
    package static let descriptionMax = 2000

    /// The report that is made now.
    ///
    /// The function may be left open. A category and what it asks are stated on it for the rulebook to judge.
    ///
    /// - Throws: all faults of the request.
    package func report(
        at moment: Date, descriptionMax: Int = descriptionMax
    ) throws(RowFaults) -> IncidentReport {
        var reader = RowReader()
        let isOpen = FieldText.present(function) == nil
        let function =
            isOpen ? IncidentReport.provisionalFunction : reader.choice(function, "function", of: GridFunction.self)
        let classification = classification(&reader)
        var report = common(function, reportedAt: moment, descriptionMax: descriptionMax, &reader)
        let reporter = reporter(&reader)
        report?.functionIsProvisional = isOpen
        report?.reporterID = reporter
        report?.isAnonymous = anonymous ?? false
        report?.contact = contact(&reader)
        report?.classification = classification
        return try reader.checked(report)
    }

    /// The report of a row of an old sheet.
    ///
    /// - Parameter now: reports of the future are refused.
    /// - Throws: all faults of the row.
    package func historicalReport(now: Date) throws(RowFaults) -> IncidentReport {
        var reader = RowReader()
        let externalNumber = reader.text(self.externalNumber, "externalNumber", max: 40)
        let reportedAt = pastTime(&reader, now: now)
        let function = reader.choice(function, "function", of: GridFunction.self)
        var report = common(function, reportedAt: reportedAt, &reader)
        report?.externalNumber = externalNumber
        return try reader.checked(report)
    }

    private func classification(_ reader: inout RowReader) -> IncidentClassification? {
        guard let code = reader.optionalCode(category, "category") else {
            if attributes?.isEmpty == false { reader.add(.required("category")) }
            return nil
        }
        return IncidentClassification(
            category: code,
            statesFunction: FieldText.present(function) != nil,
            attributes: AttributeIntake.read(attributes, isConfirmed: textConfirmed, &reader))
    }

    private func common(
        _ function: GridFunction?, reportedAt: Date?, descriptionMax: Int = descriptionMax,
        _ reader: inout RowReader
    ) -> IncidentReport? {
        let title = PersonalNumberRule.checked(
            reader.text(title, "title", max: 100, allowingLines: true), "title", isConfirmed: textConfirmed, &reader)
        let description = PersonalNumberRule.checked(
            reader.text(description, "description", max: descriptionMax, allowingLines: true), "description",
            isConfirmed: textConfirmed, &reader)
        let position = position(&reader)
        let source = reader.choice(source, "source", of: IncidentSource.self)
        let urgency = reader.choice(urgency, "urgency", of: IncidentUrgency.self)
        guard let function, let reportedAt, let title, let description, let position, let source, let urgency else {
            return nil
        }
        return IncidentReport(
            reportedAt: reportedAt, function: function, title: title, description: description, position: position,
            source: source, urgency: urgency)
    }

    private func position(_ reader: inout RowReader) -> Position? {
        for (degrees, field, limit) in [
            (longitude, "longitude", 180.0), (latitude, "latitude", 90.0),
        ] {
            if let degrees {
                guard degrees.isFinite, abs(degrees) <= limit else {
                    reader.add(
                        field, .outOfRange, "应在 ±\(Int(limit)) 度以内，请核对经度和纬度是否填反",
                        "it must be within ±\(Int(limit)); check whether both are in the right order")
                    continue
                }
            } else {
                reader.add(.required(field))
            }
        }
        guard let longitude, let latitude else { return nil }
        return Position(longitude: longitude, latitude: latitude)
    }

    private func pastTime(_ reader: inout RowReader, now: Date) -> Date? {
        guard let reportedAt else {
            reader.add(.required("reportedAt"))
            return nil
        }
        guard CalendarDay(inShanghai: reportedAt) != nil, reportedAt.timeIntervalSince1970 > -2_208_988_800 else {
            reader.add("reportedAt", .outOfRange, "上报时间早于 1900 年，请核对", "the time of report is before 1900; check it")
            return nil
        }
        guard reportedAt <= now else {
            reader.add("reportedAt", .inFuture, "上报时间在将来，请核对", "the time of report lies in the future; check it")
            return nil
        }
        return reportedAt
    }

    /// How the reporter can be reached: a number, and a name with it if he likes.
    private func contact(_ reader: inout RowReader) -> IncidentContact? {
        guard FieldText.present(contactMobile) != nil || FieldText.present(contactName) != nil else { return nil }
        if anonymous == true {
            reader.add(
                "contactMobile", .anonymousWithReporter, "匿名上报不能留联系方式，请二选一",
                "an anonymous report has no contact; choose one of the two")
        }
        let name = FieldText.present(contactName).flatMap { reader.personName($0, "contactName") }
        return reader.mobile(contactMobile, "contactMobile").map { mobile in
            IncidentContact(name: name.map(Personal.init), mobile: Personal(mobile))
        }
    }

    private func reporter(_ reader: inout RowReader) -> PersonID? {
        guard FieldText.present(reporterID) != nil else { return nil }
        if anonymous == true {
            reader.add(
                "reporterID", .anonymousWithReporter, "匿名上报不能带上报人，请二选一",
                "an anonymous report has no reporter; choose one of the two")
        }
        return reader.value(reporterID, "reporterID", form: ("UUID", "a UUID")) { PersonID($0) }
    }
}

/// How the reporter of an incident can be reached: kept with this incident alone, encrypted, and never searched across
/// incidents (H02).
package struct IncidentContact: Sendable, Hashable {
    /// The name; nil where the reporter gave none.
    package let name: Personal<PersonName>?
    /// The mobile number, eleven digits.
    package let mobile: Personal<String>

    /// Gathers both.
    package init(name: Personal<PersonName>?, mobile: Personal<String>) {
        self.name = name
        self.mobile = mobile
    }
}

/// What is said of a category's attributes.
enum AttributeIntake {
    /// Reads them; what is left blank is as if it were not there.
    ///
    /// Which there must be is for the rulebook to say.
    static func read(
        _ stated: [String: String]?, isConfirmed: Bool?, _ reader: inout RowReader
    ) -> [String: String] {
        let stated = stated ?? [:]
        if stated.count > 20 { reader.add(.outOfRange("attributes", 0...20)) }
        return stated.sorted { $0.key < $1.key }.prefix(20).reduce(into: [:]) { known, item in
            guard let code = reader.optionalCode(item.key, "attributes") else { return }
            let field = "attributes/\(code)"
            known[code] = PersonalNumberRule.checked(
                reader.optionalText(item.value, field, max: 200), field, isConfirmed: isConfirmed, &reader)
        }
    }
}

/// The rule of texts with personal numbers (INV-30): the writer is warned first; when the writer confirms, they are hidden.
enum PersonalNumberRule {
    static func checked(
        _ text: String?, _ field: String, isConfirmed: Bool?, _ reader: inout RowReader
    ) -> String? {
        guard let text, PersonalNumberScan.finds(in: text) else { return text }
        if isConfirmed == true { return PersonalNumberScan.masking(text) }
        reader.add(
            field, .personalDataInText,
            "含有身份号码或电话号码，请删除；如确需提交，设 textConfirmed 为 true，号码将被隐去",
            "it holds an identity or phone number; remove it, or set textConfirmed to have it hidden")
        return nil
    }
}
