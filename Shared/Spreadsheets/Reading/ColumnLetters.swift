/// The letters of columns: A is 0, Z is 25, AA is 26.
enum ColumnLetters {
    /// Columns of a sheet in Excel (XFD).
    static let columnsMax = 16_384

    /// Returns the letters of a column counted from 0.
    static func letters(_ column: Int) -> String {
        var rest = column + 1
        var letters: [UInt8] = []
        while rest > 0 {
            letters.append(UInt8(ascii: "A") + UInt8((rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    /// Returns the column, counted from 0, of a reference such as `AB12`; nil unless it has letters, digits and a column that exists.
    static func column(ofReference reference: UnsafeBufferPointer<UInt8>) -> Int? {
        var column = 0
        var index = 0
        while index < reference.count {
            let upper = reference[index] & 0xDF
            guard upper >= UInt8(ascii: "A"), upper <= UInt8(ascii: "Z") else { break }
            column = column * 26 + Int(upper - UInt8(ascii: "A")) + 1
            guard column <= columnsMax else { return nil }
            index += 1
        }
        let digits = reference[index...]
        guard column > 0, !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return column - 1
    }
}
