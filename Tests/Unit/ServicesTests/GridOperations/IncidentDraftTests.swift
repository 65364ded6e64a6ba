import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct IncidentDraftTests {
    private let now = Date(timeIntervalSince1970: 1_630_000_000)

    @Test func `a report may leave the function open`() throws {
        var draft = Self.draft
        draft.function = nil
        let report = try draft.report(at: now)
        #expect(report.function == IncidentReport.provisionalFunction && report.functionIsProvisional)
        #expect(try Self.draft.report(at: now).functionIsProvisional == false)
    }

    @Test func `all faults of a report are told at once`() {
        let draft = IncidentDraft(
            function: "x", title: "", description: nil, longitude: 25, latitude: 100, source: "x", urgency: nil,
            reporterID: "x", anonymous: true)
        let faults = #expect(throws: RowFaults.self) { try draft.report(at: now) }
        #expect(
            faults?.words == [
                "function:unknown-word", "title:required", "description:required", "latitude:out-of-range",
                "source:unknown-word", "urgency:required", "reporterID:anonymous-with-reporter", "reporterID:malformed",
            ])
    }

    @Test func `a writer is warned of numbers in a text and may confirm to have them hidden`() throws {
        var draft = Self.draft
        draft.description = "请联系 13800138000"
        #expect(
            #expect(throws: RowFaults.self) { try draft.report(at: now) }?.words
                == ["description:personal-data-in-text"])
        draft.textConfirmed = true
        #expect(try draft.report(at: now).description == "请联系 138****8000")
    }

    @Test func `a row of an old sheet needs a number and a time of the past`() throws {
        var draft = Self.draft
        draft.reportedAt = now.addingTimeInterval(1)
        #expect(
            #expect(throws: RowFaults.self) { try draft.historicalReport(now: now) }?.words
                == ["externalNumber:required", "reportedAt:in-future"])
        draft.externalNumber = "E000679"
        draft.reportedAt = Date(timeIntervalSince1970: 1_619_826_600.000_4)
        let report = try draft.historicalReport(now: now)
        #expect(report.reportedAt == Date(timeIntervalSince1970: 1_619_826_600))
    }

    @Test(arguments: [
        ("电话13812345678，急", "电话138****5678，急"), ("１３８１２３４５６７８", "138****5678"),
        ("138 1234 5678", "138****5678"), ("138-1234-5678 或 +8613912345678", "138****5678 或 +139****5678"),
        ("证号53290119900307123X。", "证号******************。"), ("2021-05-01 13812345678", "2021-05-01 138****5678"),
        ("0872-3121234", "0872-****34"), ("（0872）3121234", "（0872）3121234"),
    ]) func `personal numbers are found and hidden`(text: String, masked: String) {
        #expect(PersonalNumberScan.masking(text) == masked)
        #expect(PersonalNumberScan.finds(in: text) == (text != masked))
    }

    @Test(arguments: [
        "532923100001001", "53292310000100101", "532923100001202105070012", "2021-05-07 10:30", "第3栋2单元501室",
        "96 户、312 人",
        "12345", "12013812345678", "X光片", "E000679",
    ]) func `other numbers are left alone`(text: String) {
        #expect(!PersonalNumberScan.finds(in: text))
        #expect(PersonalNumberScan.masking(text) == text)
    }

    @Test func `an order needs the fields of its action`() throws {
        let actor = PersonID.new()
        let words = { (action: IncidentAction, draft: IncidentCommandDraft) -> [String] in
            do throws(RowFaults) {
                _ = try draft.checked(action)
                return []
            } catch { return error.words }
        }
        let empty = IncidentCommandDraft(actor: actor.description)
        #expect(words(.file, empty) == ["function:required"])
        #expect(words(.reject, empty) == ["reason:required"])
        #expect(words(.selfHandle, empty) == ["result:required"])
        // The rules may name the organisation; whether they do is not for the draft to say.
        #expect(words(.dispatch, empty) == [])
        #expect(words(.accept, empty) == ["organisation:required"])
        #expect(words(.giveBack, empty) == ["organisation:required", "reason:required"])
        #expect(words(.handle, empty) == ["result:required"])
        #expect(words(.verify, empty) == ["method:required", "passed:required"])
        #expect(words(.reopen, empty) == ["reason:required"])
        #expect(words(.withdraw, empty) == [])
        #expect(words(.withdraw, IncidentCommandDraft(actor: "张三")) == ["actor:malformed"])
        let told = IncidentCommandDraft(actor: actor.description, result: "已致电13812345678")
        #expect(words(.handle, told) == ["result:personal-data-in-text"])
    }

    @Test func `a number says community, day in Shanghai and sequence`() throws {
        let lateEvening = try #require(RFC3339.parse("2021-05-06T16:30:00Z"))
        let day = try #require(CalendarDay(inShanghai: lateEvening))
        #expect(IncidentNumber.text(community: "532923100001", day: day, sequence: 12) == "532923100001202105070012")
        #expect(
            IncidentNumber.text(community: "532923100001", day: day, sequence: 12345) == "5329231000012021050712345")
    }

    static let draft = IncidentDraft(
        function: "emergencyManagement", title: "消防通道堵塞", description: "楼道里堆放杂物", longitude: 100.585306,
        latitude: 25.493974, source: "resident", urgency: "ordinary")
}
