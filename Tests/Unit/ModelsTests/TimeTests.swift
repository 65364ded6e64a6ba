import Foundation
import Models
import Testing

/// Times and days as text, against Foundation's own formatter.
struct TimeTests {
    private static let seed: UInt64 = 20_210_501

    @Test func `ten thousand times of five millennia are written as Foundation writes them`() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        // Foundation's calendar is the Julian one before 1582, RFC 3339 is Gregorian throughout.
        let first = Int64(-12_000_000_000) * 1000
        let last = Int64(253_402_300_799) * 1000
        var generator = SplitMix(seed: Self.seed)
        for _ in 0..<10_000 {
            let milliseconds = Int64.random(in: first...last, using: &generator)
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let text = RFC3339.format(date)
            #expect(text == formatter.string(from: date), "\(milliseconds)")
            let parsed = try #require(RFC3339.parse(text), "\(text)")
            #expect(abs(parsed.timeIntervalSince(date)) < 0.000_5, "\(text)")
            #expect(RFC3339.format(parsed) == text)
        }
    }

    @Test func `the turn of every year and the leap days are written right`() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00.000Z", 0.0), ("1969-12-31T23:59:59.999Z", -0.001),
            ("2000-02-29T00:00:00.000Z", 951_782_400),
            ("2100-03-01T00:00:00.000Z", 4_107_542_400), ("0001-01-01T00:00:00.000Z", -62_135_596_800),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799.999),
        ] {
            #expect(RFC3339.format(Date(timeIntervalSince1970: seconds)) == text)
            #expect(RFC3339.parse(text).map { abs($0.timeIntervalSince1970 - seconds) < 0.000_5 } == true, "\(text)")
        }
    }

    @Test func `days since 1970 and dates are the inverse of each other over eight centuries`() {
        var expected = RFC3339.days(fromCivil: 1600, 1, 1)
        for year in 1600...2400 {
            for month in 1...12 {
                for day in 1...31 where CalendarDay(year: year, month: month, day: day) != nil {
                    #expect(RFC3339.days(fromCivil: Int64(year), Int64(month), Int64(day)) == expected)
                    #expect(RFC3339.civil(fromDays: expected) == (Int64(year), Int64(month), Int64(day)))
                    expected += 1
                }
            }
        }
    }

    @Test(arguments: [
        ("2021-05-01T15:50:00+08:00", "2021-05-01T07:50:00.000Z"),
        ("2021-05-01T00:00:00-05:30", "2021-05-01T05:30:00.000Z"),
        ("2021-05-01t07:50:00z", "2021-05-01T07:50:00.000Z"), ("2021-05-01 07:50:00Z", "2021-05-01T07:50:00.000Z"),
        ("2021-05-01T07:50:00.5Z", "2021-05-01T07:50:00.500Z"),
        ("2021-05-01T07:50:00.123456789Z", "2021-05-01T07:50:00.123Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"), ("2021-01-01T00:00:00+08:00", "2020-12-31T16:00:00.000Z"),
    ])
    func `every form that RFC 3339 allows is read`(text: String, expected: String) {
        #expect(RFC3339.parse(text).map(RFC3339.format) == expected)
    }

    @Test(arguments: [
        "", "2021", "2021-05-01", "2021-05-01T07:50Z", "2021-05-01T07:50:00", "2021-05-01T07:50:00+0800",
        "2021-05-01T07:50:00+08", "2021-05-01T24:00:00Z", "2021-05-01T07:60:00Z", "2021-05-01T07:50:61Z",
        "2021-02-29T07:50:00Z", "2021-13-01T07:50:00Z", "2021-00-01T07:50:00Z", "2021-05-01T07:50:00.Z",
        "2021-05-01T07:50:00.1234567890Z", "2021-05-01T07:50:00Z ", " 2021-05-01T07:50:00Z", "2021-5-01T07:50:00Z",
        "21-05-01T07:50:00Z", "2021-05-01T07:50:00+24:00", "2021-05-01T07:50:00+08:60", "+021-05-01T07:50:00Z",
        "2021-05-01T+7:50:00Z", "２０２１-05-01T07:50:00Z", "2021/05/01T07:50:00Z", "0000-01-01T00:00:00Z",
        "2021-05-01T07:50:00ZZ",
    ])
    func `a malformed time is no time`(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func `a day is written with zeros and read back`() throws {
        for text in ["0001-01-01", "1582-10-15", "2000-02-29", "2021-05-01", "9999-12-31"] {
            #expect(try #require(CalendarDay(text)).description == text)
        }
        #expect(CalendarDay(year: 1900, month: 2, day: 29) == nil)
        #expect(CalendarDay(year: 2000, month: 2, day: 29) != nil)
    }

    @Test(arguments: [
        "", "2021-05", "2021-5-1", "2021-05-1", "21-05-01", "2021-05-01-", "-2021-05-01", "2021-02-29", "2021-04-31",
        "2021-00-01", "2021-13-01", "2021-01-00", "2021-01-32", "0000-01-01", "2021/05/01", "2021-0a-01", " 2021-05-01",
        "２０２１-05-01", "2021-+5-01", "2021-05-+1", "+021-05-01",
    ])
    func `a malformed day is no day`(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `days order by year, then month, then day`() throws {
        let texts = ["2020-12-31", "2021-01-01", "2021-01-02", "2021-02-01", "2022-01-01"]
        let days = texts.compactMap { CalendarDay($0) }
        #expect(days.reversed().sorted() == days)
        #expect(days.count == texts.count)
    }

    @Test func `a day travels as text and a bad one is a decoding error`() throws {
        let day = try #require(CalendarDay("2021-05-01"))
        #expect(try EventCoding.encode([day]) == Array("[\"2021-05-01\"]".utf8))
        #expect(try EventCoding.decode([CalendarDay].self, from: Array("[\"2021-05-01\"]".utf8)) == [day])
        for bad in ["[\"2021-02-29\"]", "[20210501]", "[null]"] {
            #expect(throws: DecodingError.self) { try EventCoding.decode([CalendarDay].self, from: Array(bad.utf8)) }
        }
    }
}

/// A repeatable source of randomness (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
