import Models

/// Opening hours as a request states them, nothing checked yet.
package struct OpeningHoursDraft: Decodable, Sendable {
    /// A span.
    package struct Span: Decodable, Sendable {
        package var from: String?
        package var to: String?

        /// Gathers both.
        package init(from: String?, to: String?) {
            self.from = from
            self.to = to
        }
    }

    /// A day of the week.
    package struct Weekday: Decodable, Sendable {
        package var weekday: Int?
        package var spans: [Span]?

        /// Gathers both.
        package init(weekday: Int?, spans: [Span]?) {
            self.weekday = weekday
            self.spans = spans
        }
    }

    /// A day that is otherwise.
    package struct Exception: Decodable, Sendable {
        package var day: String?
        package var spans: [Span]?

        /// Gathers both.
        package init(day: String?, spans: [Span]?) {
            self.day = day
            self.spans = spans
        }
    }

    package var weekly: [Weekday]?
    package var exceptions: [Exception]?

    /// Gathers both.
    package init(weekly: [Weekday]?, exceptions: [Exception]? = nil) {
        self.weekly = weekly
        self.exceptions = exceptions
    }

    /// Most spans of a day.
    private static let spansMax = 6
    /// Most days that are otherwise: more than a year has.
    private static let exceptionsMax = 400

    /// The hours; nil when something is wrong, which the reader then knows.
    func checked(_ field: String, _ reader: inout RowReader) -> OpeningHours? {
        let weekly = weekly ?? []
        let exceptions = exceptions ?? []
        guard weekly.count <= 7, exceptions.count <= Self.exceptionsMax else {
            reader.add(.outOfRange("\(field)/exceptions", 0...Self.exceptionsMax))
            return nil
        }
        var days: [OpeningHours.Weekday] = []
        for (place, item) in weekly.enumerated() {
            let at = "\(field)/weekly/\(place)"
            guard let weekday = item.weekday, (1...7).contains(weekday) else {
                reader.add(.outOfRange("\(at)/weekday", 1...7))
                continue
            }
            if let spans = Self.spans(item.spans, at, &reader) {
                days.append(OpeningHours.Weekday(weekday: weekday, spans: spans))
            }
        }
        var others: [OpeningHours.Exception] = []
        for (place, item) in exceptions.enumerated() {
            let at = "\(field)/exceptions/\(place)"
            let day = reader.day(item.day, "\(at)/day")
            if let spans = Self.spans(item.spans, at, &reader), let day {
                others.append(OpeningHours.Exception(day: day, spans: spans))
            }
        }
        if Set(days.map(\.weekday)).count < days.count || Set(others.map(\.day)).count < others.count {
            reader.add(field, .hoursInvalid, "同一天出现了两次，请合并为一项", "a day stands there twice; join both")
        }
        return OpeningHours(
            weekly: days.filter { !$0.spans.isEmpty }.sorted { $0.weekday < $1.weekday },
            exceptions: others.sorted { $0.day < $1.day })
    }

    private static func spans(
        _ drafts: [Span]?, _ field: String, _ reader: inout RowReader
    ) -> [OpeningHours.Span]? {
        guard let drafts else {
            reader.add(.required("\(field)/spans"))
            return nil
        }
        let form = (chinese: "时:分（00:00 到 24:00）", english: "HH:MM, 00:00 to 24:00")
        var spans: [OpeningHours.Span] = []
        for (place, draft) in drafts.enumerated() {
            let from = reader.value(draft.from, "\(field)/spans/\(place)/from", form: form) { ClockTime($0) }
            let to = reader.value(draft.to, "\(field)/spans/\(place)/to", form: form) { ClockTime($0) }
            if let from, let to { spans.append(OpeningHours.Span(from: from, to: to)) }
        }
        let isInOrder =
            spans.allSatisfy { $0.from < $0.to } && zip(spans, spans.dropFirst()).allSatisfy { $0.to < $1.from }
        guard drafts.count <= spansMax, isInOrder else {
            reader.add(
                "\(field)/spans", .hoursInvalid, "时段应按先后排列、互不相接，每天最多 \(spansMax) 段",
                "spans stand in their order, end after they begin, do not touch, \(spansMax) a day at most")
            return nil
        }
        return spans
    }
}
