import Foundation
import Models
import Postgres
import ServiceKit

/// Finds reports by what is written in them, the newest first, going back span by span, so that a page costs what it shows
/// (decision 0025).
///
/// Each statement walks the spans of one kind back to the beginning of the wider one; who has not found enough goes on with
/// the next statement.
struct IncidentSearchQuery {
    let terms: SearchTerms
    let gridPrefix: String
    let scope: ScopeFilter
    /// Only reports before this one.
    let bound: IncidentID
    let limit: Int

    /// Up to so many reports of a wider span are looked at as they are, more hour by hour.
    private static let fewMax = 200

    /// Prepares a search.
    ///
    /// - Parameter moment: now; no report is newer.
    init(
        _ terms: SearchTerms, gridPrefix: String, scope: ScopeFilter, before: IncidentID?, at moment: Date, limit: Int
    ) {
        self.terms = terms
        self.gridPrefix = gridPrefix
        self.scope = scope
        // A clock of another replica may be a little ahead.
        let newest = IncidentID(rawValue: .version7(at: moment.addingTimeInterval(60)))
        bound = before.map { $0.rawValue.uuidString < newest.rawValue.uuidString ? $0 : newest } ?? newest
        self.limit = limit
    }

    private var places: [String] {
        guard !gridPrefix.isEmpty else { return scope.prefixes }
        guard !scope.contains(code: gridPrefix) else { return [gridPrefix] }
        return scope.prefixes.filter { $0.hasPrefix(gridPrefix) }
    }

    /// The words as a query, without a span: pairs and places hold no sign that would have to be quoted.
    private var words: String {
        let known = places.map { place in
            Incident.placeDigits.last { $0 <= place.utf8.count }.map { "'g:\(place.prefix($0))'" }
        }
        let pairs = terms.pairs.map { "'\($0)'" }.joined(separator: " & ")
        // A place that is wider than a county begins every code.
        guard !known.contains(nil) else { return pairs }
        return pairs + " & (" + known.compactMap { $0 }.joined(separator: " | ") + ")"
    }

    // MARK: - Statements

    /// The statements, each to be asked only if those before it have not filled the page; none when nothing can be seen.
    var statements: [PostgresStatement] {
        guard !places.isEmpty else { return [] }
        let (years, weeks, hours) = (
            IncidentSpan.years.number(of: bound), IncidentSpan.weeks.number(of: bound),
            IncidentSpan.hours.number(of: bound)
        )
        let firstHours = weeks << IncidentSpan.weeks.bits(of: .hours)
        let firstWeeks = years << IncidentSpan.years.bits(of: .weeks)
        return [
            """
            select f.* from generate_series(\(hours)::int8, \(firstHours)::int8, -1) as c (span)
            cross join lateral (\(found: self, in: .hours, span: "c.span")) f
            limit \(limit)
            """,
            """
            select f.* from generate_series(\(weeks - 1)::int8, \(firstWeeks)::int8, -1) as b (span)
            \(weekByWeek: self)
            limit \(limit)
            """,
            """
            select f.* from generate_series(\(years - 1)::int8, 0::int8, -1) as a (span)
            cross join generate_series((a.span << 5) + 31, a.span << 5, -1) as b (span)
            \(weekByWeek: self)
            where exists (select from grid.incident_words where words @@ \(words: words, in: .years, span: "a.span"))
            limit \(limit)
            """,
        ]
    }

    fileprivate static func append(
        _ query: IncidentSearchQuery, in span: IncidentSpan, named column: String,
        to text: inout PostgresStatement.StringInterpolation
    ) {
        text.appendLiteral("select i.* from (select incident_id from grid.incident_words where words @@ ")
        text.appendInterpolation(words: query.words, in: span, span: column)
        // The fences keep the planner from walking all incidents in their order instead. The ids are put in order first, so
        // that only as many texts are looked at as it takes to fill the page.
        text.appendLiteral(" order by incident_id desc offset 0) w cross join lateral (")
        append(query, to: &text)
        text.appendLiteral(" offset 0) i limit ")
        text.appendInterpolation(query.limit)
    }

    /// The incident of the words `w`, if it may be seen and has what is looked for.
    fileprivate static func append(
        _ query: IncidentSearchQuery, to text: inout PostgresStatement.StringInterpolation
    ) {
        let range = CodeRange(prefix: query.gridPrefix)
        text.appendLiteral("select \(IncidentColumns.list) from grid.incidents where id = w.incident_id and id < ")
        text.appendInterpolation(query.bound.rawValue)
        text.appendLiteral(" and grid_code >= ")
        text.appendInterpolation(range.lowerBound)
        text.appendLiteral(" and grid_code < ")
        text.appendInterpolation(range.upperBound)
        text.appendLiteral(" and ")
        text.appendInterpolation(scope: query.scope, on: "grid_code")
        text.appendLiteral(" and ")
        text.appendInterpolation(terms: query.terms)
    }

    fileprivate static func appendWeeks(
        _ query: IncidentSearchQuery, to text: inout PostgresStatement.StringInterpolation
    ) {
        text.appendLiteral(
            "cross join lateral (select array(select incident_id from grid.incident_words where words @@ ")
        text.appendInterpolation(words: query.words, in: .weeks, span: "b.span")
        text.appendLiteral(" limit \(fewMax + 1)) as ids offset 0) few cross join lateral ((select i.* from ")
        text.appendLiteral("(select u.incident_id from unnest(few.ids) as u (incident_id) order by 1 desc offset 0) w ")
        text.appendLiteral("cross join lateral (")
        append(query, to: &text)
        text.appendLiteral(" offset 0) i where cardinality(few.ids) <= \(fewMax) limit ")
        text.appendInterpolation(query.limit)
        text.appendLiteral(
            ") union all (select h.* from generate_series((b.span << 5) + 31, b.span << 5, -1) as c (span)")
        text.appendLiteral(" cross join lateral (")
        append(query, in: .hours, named: "c.span", to: &text)
        text.appendLiteral(") h where cardinality(few.ids) > \(fewMax) limit ")
        text.appendInterpolation(query.limit)
        text.appendLiteral(")) f")
    }
}

extension PostgresStatement.StringInterpolation {
    /// The reports of a span that are found, the newest first.
    fileprivate mutating func appendInterpolation(
        found query: IncidentSearchQuery, in span: IncidentSpan, span column: String
    ) {
        IncidentSearchQuery.append(query, in: span, named: column, to: &self)
    }

    /// The reports of the weeks `b` that are found, as `f`.
    fileprivate mutating func appendInterpolation(weekByWeek query: IncidentSearchQuery) {
        IncidentSearchQuery.appendWeeks(query, to: &self)
    }

    /// Words and a span as one query.
    fileprivate mutating func appendInterpolation(words: String, in span: IncidentSpan, span column: String) {
        appendLiteral("(")
        appendInterpolation(words)
        appendLiteral("::text || ' & ''\(span.letter):' || \(column) || '''')::tsquery")
    }

    /// The condition that title or description of an incident has every word.
    mutating func appendInterpolation(terms: SearchTerms) {
        appendLiteral("(select bool_and(strpos(grid.search_text(title || ' ' || description), term) > 0) from unnest(")
        appendInterpolation(terms.terms)
        appendLiteral("::text[]) as t (term))")
    }
}
