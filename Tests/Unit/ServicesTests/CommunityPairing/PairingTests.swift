import CommunityPairingService
import Models
import Testing

@Suite struct PairingTests {
    private static let unit = "11990000QJK3P1GTYC"

    private func draft(
        unit: String? = unit, target: String? = "532923100001", from: String? = "2021-04-16", to: String? = "2022-04-15"
    ) -> PairingDraft {
        PairingDraft(unitCode: unit, targetCode: target, from: from, to: to)
    }

    private func faults(_ draft: PairingDraft) -> [String] {
        do throws(RowFaults) {
            _ = try draft.checked()
            return []
        } catch {
            return error.faults.map { "\($0.field):\($0.code)" }
        }
    }

    private func register(_ pairings: [Pairing] = [], units: [String] = [unit]) throws -> PairingRegister {
        PairingRegister(
            units: Set(try units.map { try UnifiedSocialCreditCode($0) }),
            divisions: Set(["532923100001"].compactMap { DivisionCode($0) }), pairings: pairings)
    }

    @Test func `fields are told apart`() {
        #expect(faults(draft()) == [])
        #expect(faults(draft(unit: "11990000QJK3P1GTYD")) == ["unitCode:check-character"])
        #expect(faults(draft(unit: "11990000QJK3P1GTY")) == ["unitCode:length"])
        #expect(faults(draft(unit: nil)) == ["unitCode:required"])
        #expect(faults(draft(target: "53292310000x")) == ["targetCode:malformed"])
        #expect(faults(draft(target: "532923100")) == ["targetCode:not-a-community"])
        #expect(faults(draft(from: "2021-04-31")) == ["from:not-a-day"])
        #expect(faults(draft(from: "2022-04-16")) == ["to:before-start"])
        #expect(faults(draft(from: "2022-04-15")) == [])
    }

    @Test func `a pairing needs an enrolled unit and a known target`() throws {
        let terms = try draft().checked()
        let unknownUnit = try register(units: []).activate([Numbered(row: 2, terms)])
        #expect(unknownUnit.outcomes.map(\.content) == [.rejected([.unitUnknown("unitCode")])])
        let elsewhere = try draft(target: "532923100009").checked()
        let unknownTarget = try register().activate([Numbered(row: 2, elsewhere)])
        #expect(unknownTarget.outcomes.map(\.content) == [.rejected([.divisionUnknown("targetCode")])])
        #expect(unknownTarget.activated.isEmpty && unknownUnit.activated.isEmpty)
    }

    @Test func `a unit and a target are paired once, and a new term changes that pairing`() throws {
        let terms = try draft().checked()
        let id = PairingID.new()
        let first = try register().activate([Numbered(row: 2, terms)], newID: { id })
        let pairing = Pairing(id: id, terms: terms)
        #expect(first.activated == [PairingActivated(pairing: pairing.facts)])
        let again = try register([pairing]).activate([Numbered(row: 2, terms)])
        #expect(again.outcomes.map(\.content) == [.unchanged])
        #expect(again.activated.isEmpty && again.changed.isEmpty)
        let longer = try draft(to: "2023-04-15").checked()
        let prolonged = try register([pairing]).activate([Numbered(row: 2, longer)])
        #expect(prolonged.changed == [PairingChanged(pairing: Pairing(id: id, terms: longer).facts)])
        #expect(prolonged.activated.isEmpty)
    }
}
