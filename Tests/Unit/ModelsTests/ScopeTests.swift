import Foundation
import Models
import Testing

struct ScopeTests {
    @Test func `a scope is written and read alike`() throws {
        for text in [
            "*", "self", "53", "5329", "532923", "532923100", "532923100001", "532923100001003",
            "53292310000100301", "unit:11532923MB0000000A",
        ] {
            #expect(Scope(text)?.text == text)
        }
    }

    @Test(arguments: [
        "", "5", "532", "53292", "5329231", "53292310000", "5329231000010030", "５３２９２３", "53292x", "unit:", "unit:a b",
        "unit:a,b", "**", "Self", "532923,532924", " 532923",
    ])
    func `anything else is no scope`(text: String) {
        #expect(Scope(text) == nil)
    }

    @Test func `a scope contains itself and what lies in it, and never a neighbour`() throws {
        var random = SplitMix(seed: 0x5329_2310_0001)
        for _ in 0..<20_000 {
            let length = [2, 4, 6, 9, 12, 15, 17].randomElement(using: &random) ?? 12
            let digits = Self.digits(length, &random)
            let filter = ScopeFilter([.division(try #require(DivisionPrefix(digits)))])
            let inside = digits + Self.digits(17 - length, &random)
            #expect(filter.contains(code: digits) && filter.contains(code: inside))
            // A neighbour differs somewhere within the scope's own digits, whatever follows.
            var neighbour = Array(digits.utf8)
            let place = Int.random(in: 0..<length, using: &random)
            neighbour[place] = 48 + (neighbour[place] - 48 + UInt8.random(in: 1...9, using: &random)) % 10
            let other = String(decoding: neighbour, as: UTF8.self) + Self.digits(17 - length, &random)
            #expect(!filter.contains(code: other), "\(digits) contains \(other)")
            // The level above is not inside either.
            #expect(length == 2 || !filter.contains(code: String(digits.dropLast(length > 6 ? 3 : 2))))
        }
    }

    @Test func `a union keeps what each part has and nothing else`() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<2_000 {
            let parts = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Self.digits([6, 9, 12].randomElement(using: &random) ?? 6, &random, alphabet: 2)
            }
            let filter = ScopeFilter(parts.compactMap { DivisionPrefix($0).map { Scope.division($0) } })
            let code = Self.digits(12, &random, alphabet: 2)
            #expect(filter.contains(code: code) == parts.contains { code.hasPrefix($0) })
            let isMinimal = filter.prefixes.allSatisfy { one in
                filter.prefixes.allSatisfy { $0 == one || !one.hasPrefix($0) }
            }
            #expect(isMinimal)
        }
        #expect(ScopeFilter.nothing.isNothing && !ScopeFilter.nothing.contains(code: "532923"))
        #expect(ScopeFilter.everything.contains(code: "1") && ScopeFilter([.suite, .unit("a")]).isEverything)
    }

    @Test func `a role may not reach above the level of its work`() throws {
        let community = try #require(Scope("532923100001"))
        let county = try #require(Scope("532923"))
        #expect(Role.communitySecretary.mayHave(community) && !Role.communitySecretary.mayHave(county))
        #expect(!Role.gridWorker.mayHave(community) && !Role.countyAdmin.mayHave(.suite))
        #expect(Role.unitLiaison.mayHave(.unit("u")) && !Role.unitLiaison.mayHave(county))
        #expect(Role.resident.mayHave(.own) && !Role.resident.mayHave(community))
        for role in Role.allCases where role.reach != .suite { #expect(!role.mayHave(.suite), "\(role)") }
    }

    @Test func `roles keep their names`() {
        let pattern = /[a-z]+(-[a-z]+)*/
        #expect(Role.allCases.allSatisfy { $0.rawValue.wholeMatch(of: pattern) != nil })
        #expect(Role.allCases.count == 24 && Role.communityDesk.rawValue == "community-desk")
    }

    private static func digits(_ count: Int, _ random: inout SplitMix, alphabet: Int = 10) -> String {
        String((0..<count).map { _ in Character(String(Int.random(in: 0..<alphabet, using: &random))) })
    }
}
