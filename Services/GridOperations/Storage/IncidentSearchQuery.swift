import Foundation
import Models
import Postgres
import ServiceKit

/// Finds reports by what is written in them, the newest first, going back span by span, so that a page costs what it shows
/// (decision 0025).
///
/// First the last days are walked through by spans of hours, then some weeks; who has not found enough by then looks for
/// something rare, all of which is taken at once, or for something that was frequent long ago, which is walked to by weeks.
struct IncidentSearchQuery {
    let terms: SearchTerms
    let gridPrefix: String
    let scope: ScopeFilter
    /// Only reports before this one.
    var bound: IncidentID
    let limit: Int

    /// Up to so many reports of a wider span are looked at as they are, more hour by hour.
    private static let fewMax = 200
    /// How many spans of hours, and then of weeks, are walked through before all that there is is looked at.
    private static let (hoursFirst, weeksFirst) = (4, 2)

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
        let hours = IncidentSpan.hours.number(of: bound)
        let lastHours = max(0, hours - Self.hoursFirst + 1)
        var older = self
        older.bound = IncidentSpan.hours.first(lastHours)
        let weeks = IncidentSpan.weeks.number(of: older.bound)
        let lastWeeks = max(0, weeks - Self.weeksFirst + 1)
        var oldest = self
        oldest.bound = IncidentSpan.weeks.first(lastWeeks)
        return [
            """
            select f.* from generate_series(\(hours)::int8, \(lastHours)::int8, -1) as c (span)
            cross join lateral (\(found: self, in: .hours, span: "c.span")) f
            limit \(limit)
            """,
            """
            select f.* from generate_series(\(weeks)::int8, \(lastWeeks)::int8, -1) as b (span)
            cross join lateral (\(weekByWeek: older)) f
            limit \(limit)
            """,
            """
            select f.* from (
                select array(
                    select incident_id from grid.incident_words where words @@ \(words: words) limit \(Self.fewMax + 1)
                ) as ids offset 0
            ) few
            cross join lateral (
                (\(few: oldest, of: "few.ids"))
                union all
                (select w.* from generate_series(\(lastWeeks - 1)::int8, 0::int8, -1) as b (span)
                 cross join lateral (\(weekByWeek: oldest)) w
                 where cardinality(few.ids) > \(Self.fewMax) limit \(limit))
            ) f
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

    /// The incidents of an array of ids, the newest first, if they are few.
    fileprivate static func append(
        _ query: IncidentSearchQuery, of ids: String, to text: inout PostgresStatement.StringInterpolation
    ) {
        text.appendLiteral("select i.* from (select u.incident_id from unnest(\(ids)) as u (incident_id)")
        text.appendLiteral(" order by 1 desc offset 0) w cross join lateral (")
        append(query, to: &text)
        text.appendLiteral(" offset 0) i where cardinality(\(ids)) <= \(fewMax) limit ")
        text.appendInterpolation(query.limit)
    }

    /// The incidents of the weeks `b`, the newest first: as they are if they are few, else by hours.
    fileprivate static func appendWeeks(
        _ query: IncidentSearchQuery, to text: inout PostgresStatement.StringInterpolation
    ) {
        text.appendLiteral(
            "select v.* from (select array(select incident_id from grid.incident_words where words @@ ")
        text.appendInterpolation(words: query.words, in: .weeks, span: "b.span")
        text.appendLiteral(" limit \(fewMax + 1)) as ids offset 0) s cross join lateral ((")
        append(query, of: "s.ids", to: &text)
        text.appendLiteral(
            ") union all (select h.* from generate_series((b.span << 5) + 31, b.span << 5, -1) as c (span)")
        text.appendLiteral(" cross join lateral (")
        append(query, in: .hours, named: "c.span", to: &text)
        text.appendLiteral(") h where cardinality(s.ids) > \(fewMax) limit ")
        text.appendInterpolation(query.limit)
        text.appendLiteral(")) v limit ")
        text.appendInterpolation(query.limit)
    }
}

extension PostgresStatement.StringInterpolation {
    /// The reports of a span that are found, the newest first.
    fileprivate mutating func appendInterpolation(
        found query: IncidentSearchQuery, in span: IncidentSpan, span column: String
    ) {
        IncidentSearchQuery.append(query, in: span, named: column, to: &self)
    }

    /// The reports of an array that are found, the newest first, if they are few.
    fileprivate mutating func appendInterpolation(few query: IncidentSearchQuery, of ids: String) {
        IncidentSearchQuery.append(query, of: ids, to: &self)
    }

    /// The reports of the weeks `b` that are found, the newest first.
    fileprivate mutating func appendInterpolation(weekByWeek query: IncidentSearchQuery) {
        IncidentSearchQuery.appendWeeks(query, to: &self)
    }

    /// Words as a query.
    fileprivate mutating func appendInterpolation(words: String) {
        appendInterpolation(words)
        appendLiteral("::text::tsquery")
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
