import Foundation
import Hummingbird
import Models

/// The digest as JSON.
///
/// The names of its fields are a contract: `tiaokuai digest` and others read them.
package struct DigestBody: ResponseEncodable {
    /// The report's code.
    let report = "REP-20"
    let county: String
    let asOf: CalendarDay?
    let readAt: Date
    let formulaVersion: String
    let figures: FiguresBody
    let footnote = "党员各类有交叉，分项之和不等于总数"
    let footnoteEn = "the groups of members overlap, so that they do not add up to the total"

    /// Puts the body together.
    package init(_ digest: Digest, county: String, readAt: Date) {
        self.county = county
        self.readAt = readAt
        asOf = digest.asOf
        formulaVersion = Digest.formulaVersion
        figures = FiguresBody(digest: digest)
    }

    private enum CodingKeys: String, CodingKey {
        case report, county, asOf, readAt, formulaVersion, figures, footnote, footnoteEn
    }
}

/// `{"N01": {…}, …, "incidents": {…}, "grids": {…}}`.
struct FiguresBody: Encodable, Sendable {
    let digest: Digest

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FigureName.self)
        for (figure, value) in digest.figures {
            try container.encode(FigureBody(figure, value), forKey: FigureName(stringValue: figure.rawValue))
        }
        try container.encode(IncidentsBody(digest), forKey: FigureName(stringValue: "incidents"))
        try container.encode(GridsBody(digest), forKey: FigureName(stringValue: "grids"))
    }
}

/// A name in the object of figures.
private struct FigureName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// One figure: the exact value, the word that a report says it with, and the text made of both.
private struct FigureBody: Encodable {
    /// A whole number, a year, or a percentage with two decimals; absent where there is nothing to take it of.
    var value: Double?
    var qualifier: Quantity.Qualifier
    var unit: String
    var label: String
    var labelEn: String
    var text: String
    var textEn: String
    /// The counts of a share.
    var numerator: Int?
    var denominator: Int?
    /// The parts of a count.
    var parts: [String: Int]?

    init(_ name: DigestFigure, _ figure: Digest.Figure) {
        label = name.chinese
        labelEn = name.english
        switch figure {
        case .count(let quantity), .split(let quantity, _):
            value = Double(quantity.count)
            qualifier = quantity.qualifier
            unit = "count"
            text = quantity.chinese
            textEn = quantity.english
        case .share(let percentage):
            value = percentage.value
            qualifier = .exact
            unit = "percent"
            text = percentage.text
            textEn = percentage.text
            numerator = percentage.numerator
            denominator = percentage.denominator
        case .year(let year):
            value = year.map(Double.init)
            qualifier = .exact
            unit = "year"
            text = year.map(String.init) ?? "-"
            textEn = text
        }
        if case .split(_, let counts) = figure { parts = counts }
    }
}

private struct IncidentsBody: Encodable {
    let total: Int
    let byFunction: [String: Int]

    init(_ digest: Digest) {
        total = digest.incidentsTotal
        byFunction = Dictionary(uniqueKeysWithValues: digest.incidents.map { ($0.key.rawValue, $0.value) })
    }
}

private struct GridsBody: Encodable {
    let areas: Int
    let groups: Int
    let onePlusOnePlusNComplete: Int
    let threeStaffComplete: Int

    init(_ digest: Digest) {
        areas = digest.areas
        groups = digest.groups
        onePlusOnePlusNComplete = digest.groupsWithOnePlusOnePlusN
        threeStaffComplete = digest.areasWithThreeStaff
    }
}
