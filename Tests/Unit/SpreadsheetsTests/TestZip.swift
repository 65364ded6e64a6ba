/// Makes zip files byte by byte, sound ones and others.
struct TestZip {
    /// One entry; `packed` is deflated data, nil stores the content as it is.
    struct Entry {
        var name: String
        var content: [UInt8]
        var packed: [UInt8]?
        /// The size that the directory declares, when it is not the true one.
        var declaredSize: UInt32?
    }

    var entries: [Entry] = []

    mutating func add(_ name: String, _ text: String) {
        entries.append(Entry(name: name, content: Array(text.utf8)))
    }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let data = entry.packed ?? entry.content
            let offset = UInt32(file.count)
            let method: UInt16 = entry.packed == nil ? 0 : 8
            // Version, flags (names in UTF-8), method, time, date, checksum, sizes, lengths of name and extra field.
            var common = little(UInt16(20)) + little(UInt16(0x0800)) + little(method) + little(UInt32(0x0021_0000))
            common += little(Self.checksum(entry.content)) + little(UInt32(data.count))
            common += little(entry.declaredSize ?? UInt32(entry.content.count))
            common += little(UInt16(entry.name.utf8.count)) + little(UInt16(0))
            file += little(UInt32(0x0403_4B50)) + common + entry.name.utf8 + data
            directory += little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common
            // Comment, disk, attributes, offset.
            directory += [UInt8](repeating: 0, count: 10) + little(offset) + entry.name.utf8
        }
        let start = UInt32(file.count)
        file += directory + little(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
        file += little(UInt16(entries.count)) + little(UInt16(entries.count))
        return file + little(UInt32(directory.count)) + little(start) + [0, 0]
    }

    /// Deflates a run of one byte in one block of fixed codes: 13 bits for each 258 bytes, so 1 to 158.
    static func deflatedRun(of byte: UInt8, repeats: Int) -> [UInt8] {
        var packed: [UInt8] = []
        var bit = 0
        func put(_ value: Int, bits: Int) {
            for shift in (0..<bits).reversed() {
                if bit % 8 == 0 { packed.append(0) }
                if value >> shift & 1 == 1 { packed[packed.count - 1] |= 1 << UInt8(bit % 8) }
                bit += 1
            }
        }
        put(0b110, bits: 3)  // The last block; type 01, the lower bit first.
        put(0x30 + Int(byte), bits: 8)  // A literal below 144.
        for _ in 0..<repeats {
            put(0b1100_0101, bits: 8)  // Length 258.
            put(0, bits: 5)  // Distance 1.
        }
        put(0, bits: 7)  // The end of the block.
        return packed
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~value
    }

    private func little(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}

extension String {
    /// The bytes in UTF-16, the low byte first.
    var utf16LittleEndian: [UInt8] { utf16.reduce(into: []) { $0 += [UInt8($1 & 0xFF), UInt8($1 >> 8)] } }
    /// The bytes in UTF-16, the high byte first.
    var utf16BigEndian: [UInt8] { utf16.reduce(into: []) { $0 += [UInt8($1 >> 8), UInt8($1 & 0xFF)] } }
}

/// Makes small workbooks from the XML of their sheets.
struct TestWorkbook {
    var rows: String
    var styles: String?
    var sharedStrings: String?
    var workbookProperties = ""
    /// Everything before the sheet's root element.
    var prologue = ""

    init(rows: String) { self.rows = rows }

    private static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    /// The letter of one of the first 26 columns.
    static func letter(_ column: Int) -> String { String(UnicodeScalar(UInt8(ascii: "A") + UInt8(column))) }

    /// A cell of inline text.
    static func text(_ reference: String, _ text: String) -> String {
        "<c r=\"\(reference)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
    }

    var zip: TestZip {
        var zip = TestZip()
        zip.add("_rels/.rels", Self.relationships([("rId1", "officeDocument", "xl/workbook.xml")]))
        let sheets = """
            <sheet name="隐藏" sheetId="2" state="hidden" r:id="rId9"/><sheet name="人才台账" sheetId="1" r:id="rId1"/>
            """
        zip.add(
            "xl/workbook.xml",
            "<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.relations)\">\(workbookProperties)"
                + "<sheets>\(sheets)</sheets></workbook>")
        zip.add(
            "xl/_rels/workbook.xml.rels",
            Self.relationships([
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "worksheet", "/xl/worksheets/hidden.xml"),
                ("rId2", "styles", "styles.xml"), ("rId3", "sharedStrings", "sharedStrings.xml"),
            ]))
        if let styles { zip.add("xl/styles.xml", "<styleSheet xmlns=\"\(Self.main)\">\(styles)</styleSheet>") }
        if let sharedStrings { zip.add("xl/sharedStrings.xml", "<sst xmlns=\"\(Self.main)\">\(sharedStrings)</sst>") }
        zip.add("xl/worksheets/hidden.xml", Self.sheet("<row r=\"1\">\(Self.text("A1", "隐藏的标题"))</row>"))
        zip.add("xl/worksheets/sheet1.xml", prologue + Self.sheet(rows))
        return zip
    }

    static func sheet(_ rows: String) -> String {
        "<worksheet xmlns=\"\(main)\"><sheetData>\(rows)</sheetData></worksheet>"
    }

    private static func relationships(_ list: [(id: String, role: String, target: String)]) -> String {
        let items = list.map {
            "<Relationship Id=\"\($0.id)\" Type=\"\(relations)/\($0.role)\" Target=\"\($0.target)\"/>"
        }
        return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + items.joined() + "</Relationships>"
    }
}
