import Foundation
import Models
import Testing

/// Identifiers that sort by time, and money.
struct IdentifierTests {
    @Test func `a version 7 UUID holds its time, its version and its variant`() throws {
        var generator = SplitMix(seed: 7)
        let time = Date(timeIntervalSince1970: 0x0123_4567_89ab / 1000)
        for _ in 0..<200 {
            let text = UUID.version7(at: time, using: &generator).uuidString.lowercased()
            #expect(text.hasPrefix("01234567-89"))
            #expect(Array(text)[14] == "7")
            #expect("89ab".contains(Array(text)[19]))
        }
    }

    @Test func `version 7 UUIDs of later milliseconds sort later as text`() {
        var generator = SplitMix(seed: 8)
        let start = 1_620_000_000_000.0
        let texts = (0..<2000).map { step in
            UUID.version7(at: Date(timeIntervalSince1970: (start + Double(step)) / 1000), using: &generator).uuidString
        }
        #expect(texts == texts.sorted())
        #expect(Set(texts).count == texts.count)
    }

    @Test func `the same randomness gives the same UUID and other randomness another`() {
        let time = Date(timeIntervalSince1970: 1_620_000_000)
        var one = SplitMix(seed: 9)
        var two = SplitMix(seed: 9)
        let first = UUID.version7(at: time, using: &one)
        #expect(first == UUID.version7(at: time, using: &two))
        #expect(first != UUID.version7(at: time, using: &two))
    }

    @Test func `all 74 random bits of a version 7 UUID are used`() {
        var generator = SplitMix(seed: 10)
        var everSet = [UInt8](repeating: 0, count: 16)
        var everClear = [UInt8](repeating: 0, count: 16)
        for _ in 0..<200 {
            let id = UUID.version7(at: Date(timeIntervalSince1970: 0), using: &generator)
            withUnsafeBytes(of: id.uuid) { bytes in
                for (index, byte) in bytes.enumerated() {
                    everSet[index] |= byte
                    everClear[index] |= ~byte
                }
            }
        }
        let varied = zip(everSet, everClear).map { $0 & $1 }
        #expect(varied == [0, 0, 0, 0, 0, 0, 0x0f, 0xff, 0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    }

    @Test func `a time before 1970 gives the smallest UUID and no crash`() {
        #expect(UUID.version7(at: .distantPast).uuidString.hasPrefix("00000000-0000-7"))
    }

    @Test func `an identifier travels in lower case and reads either case`() throws {
        let text = "018f3d2a-7c00-7abc-9def-0123456789ab"
        let id = try #require(IncidentID(text.uppercased()))
        #expect(id.description == text)
        #expect(try EventCoding.encode([id]) == Array("[\"\(text)\"]".utf8))
        #expect(try EventCoding.decode([IncidentID].self, from: Array("[\"\(text.uppercased())\"]".utf8)) == [id])
        #expect(IncidentID("018f3d2a-7c00-7abc-9def") == nil)
        #expect(throws: DecodingError.self) {
            try EventCoding.decode([IncidentID].self, from: Array("[\"nobody\"]".utf8))
        }
    }

    @Test func `money is whole fen and refuses what 64 bits do not hold`() throws {
        #expect(Money(yuan: 12)?.fen == 1200)
        #expect(Money(yuan: -12)?.fen == -1200)
        #expect(Money(yuan: Int64.max / 100)?.fen == Int64.max / 100 * 100)
        #expect(Money(yuan: Int64.max / 100 + 1) == nil)
        #expect(Money(yuan: Int64.min) == nil)
        #expect(Money(fen: 99) < Money(fen: 100))
        #expect(try EventCoding.encode([Money(fen: 123_456_789_012_345_678)]) == Array("[123456789012345678]".utf8))
        #expect(
            try EventCoding.decode([Money].self, from: Array("[123456789012345678]".utf8)) == [
                Money(fen: 123_456_789_012_345_678)
            ])
        #expect(throws: DecodingError.self) { try EventCoding.decode([Money].self, from: Array("[1.5]".utf8)) }
    }
}
