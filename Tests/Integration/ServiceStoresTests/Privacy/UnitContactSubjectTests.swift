import CommunityPairingService
import Models
import ServiceKit
import Support
import Testing

/// What contact persons of units ask about their own data.
struct UnitContactSubjectTests {
    private static let contact = "\"mobile\":\"15492203139\""

    /// Three units, two of them with one contact person; the first helps my community, the second the neighbour's.
    private func withUnits(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedService.with(CommunityPairing.self) { service in
            try await service.superuser.run(
                """
                insert into pairing.divisions values ('\(AskingSubject.mine)', 'community', null),
                    ('\(AskingSubject.theirs)', 'community', null)
                """)
            let units = [(1, "15492203139"), (2, "15492203139"), (3, "13812345678")].map { index, mobile in
                """
                {"code":"\(PairingFixture.creditCode(index))","name":"某单位\(index)","kind":"school","strengths":[],
                 "memberCount":9,"contactName":"贾柏","contactMobile":"\(mobile)"}
                """
            }
            let enrolled = try await service.send(units, to: "/v1/units/bulk", as: .countyAdmin, "532923")
            #expect(enrolled.body.contains("\"accepted\":3"), "\(enrolled.body)")
            let pairings = [(1, AskingSubject.mine), (2, AskingSubject.theirs)].map { index, target in
                """
                {"unitCode":"\(PairingFixture.creditCode(index))","targetCode":"\(target)","from":"2021-01-01","to":"9998-12-31"}
                """
            }
            let paired = try await service.send(pairings, to: "/v1/pairings/bulk", as: .countyAdmin, "532923")
            #expect(paired.body.contains("\"accepted\":2"), "\(paired.body)")
            try await body(service)
        }
    }

    @Test func `a desk finds the contacts of units that help its community, by the number; others the officer`()
        async throws
    {
        try await withUnits { service in
            let copy = try await service.subjectCopy(Self.contact)
            #expect(copy["姓名 name"] == ["贾柏"] && copy["手机 mobile"] == ["15492203139"])
            #expect(copy["联系的单位 contact of"] == ["某单位1 \(PairingFixture.creditCode(1))"])
            let lonely = "\"mobile\":\"13812345678\""
            #expect(try await service.openSubjectRequest("export", lonely).status == 404)
            let officer = try await service.openSubjectRequest("export", lonely, scope: "*", as: .privacyOfficer)
            #expect(officer.status == 200 && officer.body.contains("\"divisionCode\":\"532923\""), "\(officer.body)")
            let both = try await service.openSubjectRequest("export", Self.contact, scope: "*", as: .privacyOfficer)
            #expect(both.status == 409 && both.body.contains("subject-ambiguous"), "\(both.body)")
            let one = Self.contact + ",\"objectID\":\"\(PairingFixture.creditCode(2))\""
            #expect(try await service.openSubjectRequest("export", one, scope: "*", as: .privacyOfficer).status == 200)
            #expect(try await service.openSubjectRequest("export", one).status == 404, "it is the neighbour's")
        }
    }

    @Test func `a contact is corrected, and erased only when the unit helps nobody any more`() async throws {
        try await withUnits { service in
            let correction = try await service.openSubjectRequest("correction", Self.contact)
            let corrected = try await service.answerSubjectRequest(
                correction.id, "correction", body: "{\"mobile\":\"13812345679\"}")
            #expect(corrected.body.contains("\"done\""), "\(corrected.body)")
            let list = try await service.ask("GET", "/v1/units", as: .communityDesk, AskingSubject.mine)
            #expect(list.body.contains("138****5679") && list.body.contains("贾*"), "\(list.body)")
            #expect(try await service.openSubjectRequest("export", Self.contact).status == 404)

            let key = "\"mobile\":\"13812345679\""
            let held = try await service.openSubjectRequest("erasure", key)
            let refused = try await service.answerSubjectRequest(held.id, "erasure")
            #expect(
                refused.body.contains("\"pairing-in-force\"") && refused.body.contains("个人信息保护法"), "\(refused.body)")
            try await service.superuser.run("update pairing.pairings set to_day = '2021-12-31'")
            let request = try await service.openSubjectRequest("erasure", key)
            #expect(try await service.answerSubjectRequest(request.id, "erasure").body.contains("\"done\""))
            let after = try await service.ask("GET", "/v1/units", as: .communityDesk, AskingSubject.mine)
            #expect(after.body.contains("某单位1") && !after.body.contains("contact"), "\(after.body)")
            let unmasked = try await service.ask(
                "POST", "/v1/units/\(PairingFixture.creditCode(1))/contact/unmask", as: .communityDesk,
                AskingSubject.mine,
                body: #"{"purpose":"P7","reason":"联系"}"#)
            #expect(unmasked.status == 404)
        }
    }

    @Test func `the contact of a neighbour is not found either where the database hides nothing`() async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: ServedService.keys))
        try await withUnits { service in
            let holding = UnitContactSubjects(cipher: cipher, county: "532923")
            let key = SubjectKey.mobile(Personal("15492203139"))
            let mine = try await service.found(key, in: holding, scope: AskingSubject.mine)
            let all = try await service.found(key, in: holding, scope: "*")
            #expect(mine == 1 && all == 2)
        }
    }
}
