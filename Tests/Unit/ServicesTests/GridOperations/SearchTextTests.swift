import Foundation
import GridOperationsService
import Models
import Testing

struct SearchTextTests {
    @Test func `width, case and punctuation make no difference`() {
        #expect(SearchText.folded("ＷｉＦｉ坏了！“井盖”（丢）") == "wifi坏了 井盖 丢 ")
        #expect(SearchText.folded("二〇二一年，人々") == "二〇二一年 人々")
    }

    @Test func `a text is cut into the pairs of its neighbouring signs, and not across punctuation`() {
        #expect(SearchText.pairs(SearchText.folded("井盖缺失，井盖")) == ["井盖", "盖缺", "缺失"])
        #expect(SearchText.pairs(SearchText.folded("水 A1")) == ["a1"])
        #expect(SearchText.pairs("").isEmpty)
    }

    @Test func `what is looked for has a word of two signs, and not too many`() throws {
        let terms = try #require(SearchTerms("井盖缺失 ＮＯ．7"))
        #expect(terms.terms == ["7", "no", "井盖缺失"])
        #expect(terms.pairs == ["no", "井盖", "盖缺", "缺失"])
        #expect(SearchTerms("水") == nil && SearchTerms(" ，。 ") == nil && SearchTerms("水 火") == nil)
        #expect(SearchTerms(String(repeating: "水", count: 60)) != nil)
        #expect(SearchTerms(String(repeating: "水", count: 61)) == nil)
    }

    @Test func `spans of time hold each other, and grow newer with ids`() throws {
        let moment = Date(timeIntervalSince1970: 1_795_000_000)
        let id = IncidentID(rawValue: .version7(at: moment))
        #expect(IncidentSpan.hours.number(of: id) == 1_795_000_000_000 >> 26)
        #expect(
            IncidentSpan.hours.number(of: id) >> IncidentSpan.weeks.bits(of: .hours)
                == IncidentSpan.weeks.number(of: id))
        let hours = IncidentSpan.hours.number(of: id)
        #expect(IncidentSpan.hours.number(of: IncidentSpan.hours.first(hours)) == hours)
        #expect(IncidentSpan.hours.first(hours).description < id.description)
        #expect(id.description < IncidentSpan.hours.first(hours + 1).description)
    }

    @Test func `a place in a list is read as it was written, and only in a list that has such places`() throws {
        let id = IncidentID.new()
        let report = ListPlace.report(id)
        let deadline = ListPlace.deadline(at: Date(timeIntervalSince1970: 1_795_000_000.123), id, .resolve)
        for place in [report, deadline] { #expect(ListPlace(key: place.key)?.key == place.key) }
        for key in ["", "x", "1/2/3", "1/\(id)/nothing", "\(id)/1", "99999999999999999999/\(id)/resolve"] {
            #expect(ListPlace(key: key) == nil, "\(key)")
        }
        let due = IncidentQuery.due(.all, gridPrefix: "")
        #expect(deadline.isPlace(of: due) && !report.isPlace(of: due))
        #expect(report.isPlace(of: .lying(with: "O")) && !deadline.isPlace(of: .lying(with: "O")))
    }

    @Test func `a box of the map has four edges in order, and a bounded number of cells`() throws {
        for text in ["", "1,2,3", "1,2,3,4,5", "3,2,1,4", "1,4,3,2", "1,2,1,4", "x,2,3,4", "nan,2,3,4", "-181,2,3,4"] {
            #expect(MapBox(text) == nil, "\(text)")
        }
        let county = try #require(MapBox("100.2,25.1,101.0,25.9"))
        #expect(MapZoom(-1) == nil && MapZoom(19) == nil)
        for zoom in MapZoom.range {
            let cell = try #require(MapZoom(zoom)).cell(in: county)
            #expect(0.8 / cell <= 64)
        }
        #expect(try #require(MapZoom(10)).cell(in: county) == 360.0 / 4096)
    }
}
