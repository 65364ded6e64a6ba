import Models
import Testing

@Suite struct CheckedRowsTests {
    private func rows(_ values: [(Int, String)]) -> CheckedRows<String> {
        CheckedRows(
            values.map { Numbered(row: $0.0, $0.1) }, keyField: "key", key: { String($0.prefix(1)) },
            within: .decidedByStore("key")
        ) {
            (text: String) throws(RowFaults) in
            guard !text.isEmpty else { throw RowFaults([.required("key")]) }
            return text
        }
    }

    private func outcomes(_ all: [Numbered<RowOutcome>]) -> [Int: String] {
        Dictionary(
            uniqueKeysWithValues: all.map { outcome in
                switch outcome.content {
                case .accepted: (outcome.row, "accepted")
                case .unchanged: (outcome.row, "unchanged")
                case .rejected(let faults): (outcome.row, faults.map(\.code.rawValue).joined(separator: ","))
                }
            })
    }

    @Test func `a row that repeats another is unchanged, one that contradicts it is refused`() {
        let checked = rows([(2, "a1"), (3, ""), (4, "a1"), (5, "a2"), (6, "b1")])
        #expect(checked.sound.map(\.row) == [2, 6])
        let all = checked.outcomes(deciding: [Numbered(row: 2, .accepted), Numbered(row: 6, .unchanged)])
        #expect(outcomes(all) == [2: "accepted", 3: "required", 4: "unchanged", 5: "duplicate-row", 6: "unchanged"])
    }

    @Test func `a row that repeats a refused one is refused as well`() {
        let checked = rows([(2, "a1"), (3, "a1")])
        let refusal = RowOutcome.rejected([.divisionUnknown("key")])
        let all = checked.outcomes(deciding: [Numbered(row: 2, refusal)])
        #expect(outcomes(all) == [2: "reference-unknown", 3: "reference-unknown"])
    }
}
