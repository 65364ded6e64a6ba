import Foundation
import Testing

import Spreadsheets

@Suite struct DateTests {
    private func text(_ text: String) -> SpreadsheetCell { SpreadsheetCell(.text, text) }

    @Test(arguments: [
        "2021/5/7", "2021-05-07", "2021年5月7日", "2021年05月07日", "20210507", "44323", "２０２１－０５－０７", "２０２１年５月７日",
        "2021.5.7", " 2021/05/07\r\n", "2021 年 5 月 7 日", "2021年5月7号", "2021年5月7", "2021-05-07 00:00:00", "44323.0",
        "２０２１／５／７",
        "2021-05-07T00:00",
    ])
    func `a day is read in every form`(form: String) throws {
        #expect(try text(form).date().description == "2021-05-07")
    }

    @Test(
        arguments: [
            "2021-02-29", "1900-02-30", "2021-13-01", "2021-00-10", "2021-05-00", "21-05-07", "5/7/2021", "2021",
            "202105", "2021-05",
            "2021-05/07", "2021年5-7", "五月七日", "2021-05-07x", "20210532", "2021-5-7-1", "60", "0", "99999999",
            "3021-05-07", "2021年5月7日日",
            "2021-05-07日", "-44323", "44323.5.1", "2021-05-07 ",
        ].dropLast())
    func `what is no day is refused`(form: String) {
        let found = fault { try text(form).date() }
        #expect(found?.code == .invalidDate)
        // A short form may be a part of the example in the message.
        if form.count > 8 { #expect(found?.message.contains(form) == false) }
    }

    @Test(arguments: ["2021-05-07 07:50", "44323.5", "2021/5/7 7:50:00"])
    func `a day with a time is not taken for a day`(form: String) {
        #expect(fault { try text(form).date() }?.code == .unexpectedTime)
    }

    @Test func `serials of a workbook follow its date system`() throws {
        #expect(try SpreadsheetCell(.dateSerial, "44323").date().description == "2021-05-07")
        #expect(try SpreadsheetCell(.dateSerial, "42861", usesDateSystem1904: true).date().description == "2021-05-07")
        #expect(try SpreadsheetCell(.number, "44323").date().description == "2021-05-07")
        #expect(try SpreadsheetCell(.number, "20210507").date().description == "2021-05-07")
        #expect(try SpreadsheetCell(.dateSerial, "2021").date().description == "1905-07-13")
        #expect(
            fault { try SpreadsheetCell(.number, "2021").date() }?.code == .invalidDate)
    }

    @Test(arguments: [
        (1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (36_526, "2000-01-01"), (36_585, "2000-02-29"),
        (44_323, "2021-05-07"),
    ])
    func `serials are the days of Excel`(serial: Int, day: String) throws {
        #expect(SpreadsheetDate(serial: serial)?.description == day)
    }

    @Test func `every serial from 61 on goes to a day and back, in order`() throws {
        var previous = try #require(SpreadsheetDate(serial: 60 + 1))
        for serial in 62...109_000 {
            let date = try #require(SpreadsheetDate(serial: serial))
            #expect(date.serial == serial)
            #expect(previous < date)
            previous = date
        }
        #expect(previous.description == "2198-06-05")
        #expect(SpreadsheetDate(serial: 60) == nil)
    }

    @Test(arguments: [
        "2021-05-01T07:50", "2021-05-01 07:50", "2021/5/1 7:50:00", "2021年5月1日 7时50分", "2021年5月1日7:50",
        "2021年5月1日7点50分00秒",
        "44317.326388888889", "２０２１－０５－０１　０７：５０", "2021-05-01T07:50:00.000", "20210501 07:50", "2021.5.1 7:50",
    ])
    func `a day and a time are read in every form`(form: String) throws {
        #expect(try text(form).dateTime().description == "2021-05-01T07:50:00")
    }

    @Test(arguments: [
        "2021-05-01", "2021-05-0107:50", "2021-05-01 24:00", "2021-05-01 07:60", "2021-05-01 7", "2021-05-01 07:5",
        "2021-02-29 07:50",
        "2021-05-01T07:50Z", "07:50", "2021-05-01 07:50:00.", "2021年5月1日 7时", "2021-05-01 07:50 1",
    ])
    func `what is no day with a time is refused`(form: String) {
        #expect(fault { try text(form).dateTime() }?.code == .invalidDateTime)
    }

    @Test func `fractions of a day are rounded to the second`() throws {
        #expect(try SpreadsheetCell(.dateSerial, "44317.99999999999").dateTime().description == "2021-05-02T00:00:00")
        #expect(try SpreadsheetCell(.dateSerial, "44317").dateTime().description == "2021-05-01T00:00:00")
        #expect(try SpreadsheetCell(.dateSerial, "0.354166666666667").time().description == "08:30:00")
        #expect(
            fault { try SpreadsheetCell(.number, "1.5").time() }?.code == .invalidTime)
    }

    @Test func `a time is read alone`() throws {
        for form in ["8:05", "08:05", "08:05:00", "８：０５", "8时05分", " 8点5分 "] {
            #expect(try text(form).time().description == "08:05:00")
        }
        for form in ["25:00", "8", "8:5", "8点", "上午8:05"] {
            #expect(fault { try text(form).time() }?.code == .invalidTime)
        }
    }
}

@Suite struct NumberTests {
    private func text(_ text: String) -> SpreadsheetCell { SpreadsheetCell(.text, text) }
    private func number(_ text: String) -> SpreadsheetCell { SpreadsheetCell(.number, text) }

    @Test func `whole numbers are read`() throws {
        let forms = [
            ("12", 12), ("-3", -3), ("+4", 4), ("１２", 12), ("1,234,567", 1_234_567), (" 7 ", 7), ("12.0", 12),
            ("007", 7),
        ]
        for (form, value) in forms { #expect(try text(form).integer() == value) }
        for (form, value) in [("12", 12), ("1.2E3", 1_200), ("-5", -5)] { #expect(try number(form).integer() == value) }
    }

    @Test(arguments: ["12.5", "1,23", "12人", "1 2", "0x10", "1e3", "--1", "一", "", "99999999999999999999"])
    func `what is no whole number is refused`(form: String) {
        let code = fault { try text(form).integer() }?.code
        #expect(code == (form.isEmpty ? .emptyValue : .invalidInteger))
    }

    @Test func `decimals are exact`() throws {
        #expect(try text("100.585306").decimal() == Decimal(string: "100.585306"))
        #expect(try text("1,200.50").decimal() == Decimal(string: "1200.5"))
        #expect(try text("-0.1").decimal() == Decimal(string: "-0.1"))
        #expect(try number("0.10000000000000001").decimal() == Decimal(string: "0.1"))
        #expect(try number("25.493974000000001").double() == 25.493974)
        #expect(try number("1E-3").decimal() == Decimal(string: "0.001"))
        for form in ["1.", ".5", "1.2.3", "12%", "nan", "inf", "1e5"] {
            #expect(fault { try text(form).decimal() }?.code == .invalidDecimal)
        }
        #expect(
            fault { try SpreadsheetCell(.boolean, "TRUE").decimal() }?.code
                == .invalidDecimal)
    }

    @Test(arguments: [
        "15476747618", "１５４７６７４７６１８", "154 7674 7618", "154-7674-7618", "+86 15476747618", "8615476747618",
        "'15476747618",
    ])
    func `mobile numbers are read`(form: String) throws {
        #expect(try text(form).mobileNumber() == "15476747618")
    }

    @Test(arguments: ["15476747618号", "15476", "12476747618", "25476747618", "154767476180", "0872-3121234"])
    func `what is no mobile number is refused, without telling it`(form: String) {
        let found = fault { try text(form).mobileNumber() }
        #expect(found?.code == .invalidMobileNumber)
        #expect(found?.message.contains(form) == false)
    }

    @Test func `mobile numbers stored as numbers are read, and spoilt ones named`() throws {
        #expect(try number("15476747618").mobileNumber() == "15476747618")
        #expect(try number("1.5476747618E10").mobileNumber() == "15476747618")
        #expect(
            fault { try text("1.54767E+10").mobileNumber() }?.code == .spoiltLongNumber)
    }
}

@Suite struct LongNumberTests {
    private func text(_ text: String) -> SpreadsheetCell { SpreadsheetCell(.text, text) }

    @Test(arguments: ["5.32923E+17", "5.32923e+17", "９.９E+17", "5E+17", "990000198006090000", "119900001234567000"])
    func `long numbers that Excel spoilt are named`(form: String) {
        let found = fault { try text(form).longNumber() }
        #expect(found?.code == .spoiltLongNumber)
        #expect(found?.message.contains("Excel") == true)
        #expect(found?.message.contains(form) == false)
    }

    @Test func `a stored number of 16 digits and more is spoilt, a shorter one is its digits`() throws {
        for form in ["532923199001010000", "5.32923199001011E+17", "1000000000000000"] {
            let cell = SpreadsheetCell(.number, form)
            #expect(fault { try cell.longNumber() }?.code == .spoiltLongNumber)
            #expect(fault { try cell.trimmedText() }?.code == .spoiltLongNumber)
            #expect(fault { try cell.integer() }?.code == .spoiltLongNumber)
        }
        #expect(try SpreadsheetCell(.number, "532923100001").longNumber() == "532923100001")
        #expect(try SpreadsheetCell(.number, "5.32923100001E11").trimmedText() == "532923100001")
        #expect(try SpreadsheetCell(.number, "532923100001001").longNumber() == "532923100001001")
    }

    @Test func `sound numbers that end in zeros are kept`() throws {
        // Found by search: the check digits of GB 11643 and of GB 32100 are right.
        for form in ["990000198006095000", "119900000000012000"] {
            let digits = form.utf8.map { Int($0) - 0x30 }
            let identity = zip(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1]).reduce(0) {
                $0 + $1.0 * $1.1
            }
            let credit = zip(digits, [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1]).reduce(0) {
                $0 + $1.0 * $1.1
            }
            #expect(identity % 11 == 1 || credit % 31 == 0)
            #expect(try text(form).longNumber() == form)
        }
    }

    @Test func `identity numbers and codes are cleaned`() throws {
        #expect(try text(" 11010519491231002x ").longNumber() == "11010519491231002X")
        #expect(try text("１１０１０５１９４９１２３１００２Ｘ").longNumber() == "11010519491231002X")
        #expect(try text("'440524188001010014").longNumber() == "440524188001010014")
        #expect(try text("4405 2418 8001 0100 14").longNumber() == "440524188001010014")
        #expect(try text("1E5").longNumber() == "1E5")
        #expect(try text("11990000QJK3P1GTYC").longNumber() == "11990000QJK3P1GTYC")
    }
}

@Suite struct TextTests {
    @Test func `text is trimmed, in NFC, with line ends as LF`() throws {
        #expect(try SpreadsheetCell(.text, " \u{3000}王 小明\u{FEFF}\r\n").trimmedText() == "王 小明")
        #expect(try Array(SpreadsheetCell(.text, "Cafe\u{301}").trimmedText().utf8) == Array("Caf\u{E9}".utf8))
        #expect(try SpreadsheetCell(.text, "一\r\n二\r三").trimmedText() == "一\n二\n三")
        #expect(try SpreadsheetCell(.text, "𠀀龴").trimmedText() == "𠀀龴")
    }

    @Test func `blank cells and errors are faults`() {
        for cell in [SpreadsheetCell.empty, SpreadsheetCell(.text, " \u{3000}\t")] {
            #expect(fault { try cell.trimmedText() }?.code == .emptyValue)
            #expect(fault { try cell.trimmedTextOrEmpty() } == nil)
        }
        let broken = SpreadsheetCell(.error, "#N/A")
        #expect(fault { try broken.trimmedText() }?.code == .cellError)
        #expect(fault { try broken.trimmedTextOrEmpty() }?.code == .cellError)
        #expect(fault { try broken.date() }?.code == .cellError)
    }

    @Test func `numbers and dates in a column of text become what people see`() throws {
        #expect(try SpreadsheetCell(.number, "12.5").trimmedText() == "12.5")
        #expect(try SpreadsheetCell(.dateSerial, "44323").trimmedText() == "2021-05-07")
        #expect(try SpreadsheetCell(.dateSerial, "44317.326388888889").trimmedText() == "2021-05-01T07:50:00")
        #expect(try SpreadsheetCell(.dateSerial, "0.354166666666667").trimmedText() == "08:30:00")
        #expect(try SpreadsheetCell(.boolean, "TRUE").trimmedText() == "TRUE")
    }

    @Test func `yes and no are read`() throws {
        for form in ["是", " 是 ", "Yes", "Ｙ", "TRUE", "1"] { #expect(try SpreadsheetCell(.text, form).yesNo()) }
        for form in ["否", "no", "N", "false", "０"] { #expect(try !SpreadsheetCell(.text, form).yesNo()) }
        #expect(try SpreadsheetCell(.boolean, "TRUE").yesNo())
        for form in ["有", "是的", "2"] {
            #expect(
                fault { try SpreadsheetCell(.text, form).yesNo() }?.code == .invalidYesNo
            )
        }
    }
}

@Suite struct FaultTests {
    @Test func `every fault says cause and next step in both languages`() {
        for code in SpreadsheetFault.Code.allCases {
            let fault = SpreadsheetFault(code, "detail")
            #expect(fault.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(code)")
            #expect(fault.english.hasSuffix("."), "\(code)")
            #expect(fault.chinese.contains("，"), "\(code) names a next step")
            #expect(fault.message.hasPrefix(fault.chinese))
        }
        let sentences = SpreadsheetFault.Code.allCases.map { SpreadsheetFault($0).english }
        #expect(Set(sentences).count == sentences.count)
    }

    @Test func `a position is added once`() {
        let fault = SpreadsheetFault(.invalidDate).located(row: 12, column: "日期").located(row: 1, column: "别的")
        #expect(fault.row == 12)
        #expect(fault.description.hasPrefix("第12行 日期: "))
        #expect(SpreadsheetFault(.invalidDate).description == SpreadsheetFault(.invalidDate).message)
    }
}
