import Foundation
import Models
import ServiceKit

/// The form of `POST requests`.
struct Open311Form: Sendable {
    private let form: FormFields

    init(_ form: FormFields) { self.form = form }

    var jurisdiction: String? { present("jurisdiction_id") }
    var serviceCode: String? { present("service_code") }
    var addressID: String? { present("address_id") }

    /// An empty field is as if it were not there.
    func present(_ name: String) -> String? { FieldText.present(form[name]) }

    /// Where it is, if the form says it in degrees.
    ///
    /// - Throws: a 400 problem when one of both is missing or no number.
    func position() throws -> (latitude: Double, longitude: Double)? {
        guard present("lat") != nil || present("long") != nil else { return nil }
        let degrees = try ["lat", "long"].map { name in
            guard let text = present(name) else { throw Self.required(name) }
            guard let value = Double(text), value.isFinite else {
                throw Problem.malformed(field: name, "\(name) 应为十进制度数", "\(name) is a number of degrees")
            }
            return value
        }
        return (degrees[0], degrees[1])
    }

    /// `attribute[code]` and `attribute[code][]`.
    ///
    /// - Throws: a 400 problem when one has several values: no category asks for that.
    func attributes() throws -> [String: String] {
        var known: [String: String] = [:]
        for field in form.fields {
            guard let match = field.name.wholeMatch(of: /attribute\[([^\[\]]*)\](?:\[\])?/) else { continue }
            let code = String(match.1)
            guard known[code] == nil else {
                throw Problem.malformed(
                    field: "attribute[\(code)]", "只能有一个值", "it has one value alone")
            }
            guard FieldText.present(field.value) != nil else { continue }
            known[code] = field.value
        }
        return known
    }

    /// The report that the form makes of a category at a place.
    ///
    /// Whoever leaves no number leaves no name either: nobody could be reached by it.
    func draft(of category: CategoryRule, latitude: Double, longitude: Double) throws -> IncidentDraft {
        let phone = present("phone")
        let name = [present("last_name"), present("first_name")].compactMap { $0 }.joined()
        return IncidentDraft(
            function: nil, title: category.name.zh, description: present("description") ?? category.name.zh,
            longitude: longitude, latitude: latitude, source: IncidentSource.resident.rawValue,
            urgency: IncidentUrgency.ordinary.rawValue, textConfirmed: confirmsText,
            contactName: phone == nil || name.isEmpty ? nil : name, contactMobile: phone, category: category.code,
            attributes: try attributes())
    }

    /// How it came, beside what every report says.
    ///
    /// - Throws: `RowFaults`.
    func origin(of key: Open311KeyID) throws(RowFaults) -> Open311Origin {
        var reader = RowReader()
        let mediaURL = Open311Origin.mediaURL(form["media_url"], &reader)
        let address = reader.optionalText(form["address_string"], "address_string", max: 200)
        let addressID = reader.optionalText(addressID, "address_id", max: 40)
        return try reader.checked(
            Open311Origin(key: key, mediaURL: mediaURL, address: address, addressID: addressID))
    }

    /// The form of `POST servicerequestupdates`.
    var update: Open311UpdateDraft {
        Open311UpdateDraft(
            number: form["service_request_id"], clientUpdateID: form["update_id"], description: form["description"],
            mediaURL: form["media_url"], textConfirmed: confirmsText)
    }

    /// Not of the standard: the writer has been warned of personal numbers in his text, which are then hidden.
    private var confirmsText: Bool { form["text_confirmed"] == "true" }

    /// The answer to a form that lacks a field.
    static func required(_ field: String) -> Problem {
        Problem.malformed(field: field, "缺少 \(field)", "\(field) is required")
    }
}
