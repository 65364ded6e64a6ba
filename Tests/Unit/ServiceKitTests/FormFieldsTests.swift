import ServiceKit
import Testing

/// What a form says.
struct FormFieldsTests {
    private func fields(_ text: String) throws -> [String] {
        try FormFields(Array(text.utf8)).fields.map { "\($0.name)|\($0.value)" }
    }

    @Test func `names and values are decoded and keep their order`() throws {
        #expect(try fields("a=1&b=%E7%81%AF+%26&a=2&c&d=x=y&=z&") == ["a|1", "b|灯 &", "a|2", "c|", "d|x=y", "|z"])
        #expect(try fields("") == [])
        let form = try FormFields(Array("attribute%5Bkind%5D=%0D%0A&attribute[b][]=1".utf8))
        #expect(form["attribute[kind]"] == "\r\n" && form["attribute[b][]"] == "1" && form["c"] == nil)
    }

    @Test(arguments: ["a=%", "a=%2", "a=%zz", "a=%ff", "a=%00", "%1b=1"])
    func `what is no UTF-8 text is refused`(_ text: String) {
        #expect(throws: Problem.self) { try FormFields(Array(text.utf8)) }
    }

    @Test func `a form has 200 fields at most`() throws {
        let most = try FormFields(Array(String(repeating: "a=1&", count: 200).utf8))
        #expect(most.fields.count == 200)
        #expect(throws: Problem.self) { try FormFields(Array(String(repeating: "a=1&", count: 201).utf8)) }
    }
}
