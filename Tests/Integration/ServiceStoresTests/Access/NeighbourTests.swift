import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// Two communities side by side: what one of them sees never holds anything of the other.
struct NeighbourTests {
    private static let mine = "532923100001"
    private static let theirs = "532923100002"

    // MARK: - Grid operations

    private func withTwoCommunities(
        _ body: (ServedService, _ mine: String, _ theirs: String) async throws -> Void
    ) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            let divisions = ["532923100", Self.mine, Self.theirs].map { code in
                "{\"code\":\"\(code)\",\"name\":\"某地\",\"level\":\"\(code.count == 9 ? "town" : "community")\"}"
            }
            let registered = try await service.send(divisions, to: "/v1/divisions/bulk", as: .countyAdmin, "532923")
            #expect(registered.body.contains("\"accepted\":3"), "\(registered.body)")
            let grids = [(Self.mine, 0.0), (Self.theirs, 20.0)].map { community, west in
                """
                {"code":"\(community)001","name":"某网格","level":"area","parentCode":"\(community)","households":9,
                 "boundary":"\(GridRows.box(west, 0, west + 20, 20))"}
                """
            }
            let drawn = try await service.send(grids, to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(drawn.body.contains("\"accepted\":2"), "\(drawn.body)")
            try await body(
                service, try await report(service, x: 5, community: Self.mine),
                try await report(service, x: 25, community: Self.theirs))
        }
    }

    /// Reports an incident at a desk and gives its id.
    private func report(_ service: ServedService, x: Double, community: String) async throws -> String {
        let answer = try await service.ask(
            "POST", "/v1/incidents", as: .communityDesk, community, body: Self.reportBody(x: x),
            headers: ["idempotency-key": UUID().uuidString])
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(answer.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1.description
    }

    private static func reportBody(x: Double) -> String {
        """
        {"function":"emergencyManagement","title":"消防通道堵塞","description":"楼道里堆放杂物","longitude":\(100.5 + x / 1000),
         "latitude":25.405,"source":"resident","urgency":"ordinary"}
        """
    }

    @Test func `lists of incidents, divisions and grids hold nothing of a neighbour, whatever is asked for`()
        async throws
    {
        try await withTwoCommunities { service, mine, theirs in
            let paths = [
                "/v1/incidents", "/v1/incidents?grid=\(Self.theirs)", "/v1/incidents?grid=532923",
                "/v1/incidents?state=reported", "/v1/incidents?q=%E6%B6%88%E9%98%B2", "/v1/incidents?due=all",
                "/v1/incidents?q=%E6%B6%88%E9%98%B2&grid=\(Self.theirs)", "/v1/incidents?due=all&grid=\(Self.theirs)",
                "/v1/incidents?grid=\(Self.theirs)001&state=reported", "/v1/divisions", "/v1/grids",
                "/v1/divisions?prefix=\(Self.theirs)", "/v1/grids?community=\(Self.theirs)",
            ]
            for path in paths {
                let answer = try await service.ask("GET", path, as: .communityDesk, Self.mine)
                #expect(answer.status == 200)
                #expect(!answer.body.contains(theirs) && !answer.body.contains(Self.theirs), "\(path): \(answer.body)")
                let isAboutThem = path.contains(Self.theirs)
                #expect(isAboutThem || path.contains("/v1/incidents") == answer.body.contains(mine), "\(path)")
            }
            let town = try await service.ask("GET", "/v1/incidents", as: .townOfficer, "532923100")
            #expect(town.body.contains(mine) && town.body.contains(theirs))
            let area = try await service.ask("GET", "/v1/incidents", as: .gridWorker, Self.mine + "001")
            #expect(area.body.contains(mine) && !area.body.contains(theirs))
            let otherTown = try await service.ask("GET", "/v1/incidents", as: .townOfficer, "532923101")
            #expect(otherTown.body == "{\"items\":[]}")
        }
    }

    @Test func `what a neighbour has is answered like what nobody has`() async throws {
        try await withTwoCommunities { service, _, theirs in
            let pairs = [
                ("GET", "/v1/incidents/\(theirs)", "/v1/incidents/\(UUID().uuidString.lowercased())"),
                ("GET", "/v1/grids/\(Self.theirs)001", "/v1/grids/\(Self.theirs)999"),
                ("GET", "/v1/grids/\(Self.theirs)001/assignments", "/v1/grids/\(Self.theirs)999/assignments"),
                ("POST", "/v1/incidents/\(theirs)/reject", "/v1/incidents/\(UUID().uuidString.lowercased())/reject"),
            ]
            let order = "{\"actor\":\"\(UUID().uuidString.lowercased())\",\"reason\":\"重复\"}"
            for (method, outside, nowhere) in pairs {
                let body = method == "POST" ? order : nil
                let headers = ["if-match": "*"]
                let one = try await service.ask(
                    method, outside, as: .communityDesk, Self.mine, body: body, headers: headers)
                let other = try await service.ask(
                    method, nowhere, as: .communityDesk, Self.mine, body: body, headers: headers)
                #expect(one.status == 404 && other.status == 404, "\(outside): \(one.body)")
                #expect(one.comparable == other.comparable)
            }
            let owner = try await service.ask("GET", "/v1/incidents/\(theirs)", as: .communityDesk, Self.theirs)
            #expect(owner.status == 200)
        }
    }

    @Test func `rows and reports about a neighbour are refused, and change nothing`() async throws {
        try await withTwoCommunities { service, _, _ in
            let staff = GridRows.holder(1, Self.theirs + "001", .gridWorker, person: 1).content
            let row = """
                {"gridCode":"\(Self.theirs)001","role":"gridWorker","identityNumber":"\(staff.identityNumber ?? "")",
                 "name":"欧阳春梅","mobile":"\(staff.mobile ?? "")"}
                """
            let staffed = try await service.send(
                [row], to: "/v1/grid-assignments/bulk", as: .communitySecretary, Self.mine)
            #expect(staffed.body.contains("outside-scope"), "\(staffed.body)")
            let old = """
                {"externalNumber":"E1","reportedAt":"2021-05-01T08:00:00+08:00","function":"emergencyManagement","title":"堵塞",
                 "description":"楼道里堆放杂物","longitude":100.525,"latitude":25.405,"source":"resident","urgency":"ordinary"}
                """
            let imported = try await service.send([old], to: "/v1/incidents/bulk", as: .communityDesk, Self.mine)
            #expect(imported.body.contains("outside-scope"), "\(imported.body)")
            let theirOwn = try await service.send([old], to: "/v1/incidents/bulk", as: .communityDesk, Self.theirs)
            #expect(theirOwn.body.contains("\"accepted\":1"), "\(theirOwn.body)")
            // The number is taken by an incident that this desk may not see.
            let moved = old.replacing("100.525", with: "100.505")
            let taken = try await service.send([moved], to: "/v1/incidents/bulk", as: .communityDesk, Self.mine)
            #expect(taken.body.contains("outside-scope") && !taken.body.contains(Self.theirs), "\(taken.body)")
            let reported = try await service.ask(
                "POST", "/v1/incidents", as: .communityDesk, Self.mine, body: Self.reportBody(x: 25),
                headers: ["idempotency-key": "k"])
            #expect(reported.status == 422 && reported.body.contains("outside-scope"))
            let grid = """
                {"code":"\(Self.theirs)002","name":"某网格","level":"area","parentCode":"\(Self.theirs)","households":9,
                 "boundary":"\(GridRows.box(40, 0, 60, 20))"}
                """
            let drawn = try await service.send([grid], to: "/v1/grids/bulk", as: .townOfficer, "532923101")
            #expect(drawn.body.contains("outside-scope"))
        }
    }

    @Test func `a resident reports anywhere and sees his own reports alone`() async throws {
        try await withTwoCommunities { service, mine, theirs in
            let resident = PersonID.new().description
            let answer = try await service.ask(
                "POST", "/v1/incidents", as: .resident, "self", subject: resident, body: Self.reportBody(x: 25),
                headers: ["idempotency-key": "k"])
            #expect(answer.status == 201, "\(answer.body)")
            let id = try #require(answer.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1
            let list = try await service.ask("GET", "/v1/incidents", as: .resident, "self", subject: resident)
            #expect(list.body.contains(id) && !list.body.contains(mine) && !list.body.contains(theirs))
            let own = try await service.ask("GET", "/v1/incidents/\(id)", as: .resident, "self", subject: resident)
            #expect(own.status == 200)
            let other = try await service.ask(
                "GET", "/v1/incidents/\(id)", as: .resident, "self", subject: PersonID.new().description)
            #expect(other.status == 404)
        }
    }

    @Test func `who signs in as himself cannot act as another`() async throws {
        try await withTwoCommunities { service, mine, _ in
            let me = PersonID.new().description
            let order = "{\"actor\":\"\(PersonID.new())\",\"function\":\"emergencyManagement\"}"
            let refused = try await service.ask(
                "POST", "/v1/incidents/\(mine)/file", as: .communityDesk, Self.mine, subject: me, body: order,
                headers: ["if-match": "*"])
            #expect(refused.status == 422 && refused.body.contains("not-the-caller"))
            let filed = try await service.ask(
                "POST", "/v1/incidents/\(mine)/file", as: .communityDesk, Self.mine, subject: me,
                body: "{\"function\":\"emergencyManagement\"}", headers: ["if-match": "*"])
            #expect(filed.status == 200, "\(filed.body)")
        }
    }

    // MARK: - The other services

    @Test func `talents and Party organisations of a neighbour are neither seen nor moved`() async throws {
        try await ServedService.with(TalentRegistry.self) { service in
            try await service.superuser.run(
                """
                insert into talent.divisions values ('\(Self.mine)', 'community', null), ('\(Self.theirs)', 'community', null),
                    ('532923101001', 'community', null)
                """)
            func row(_ index: Int, in division: String) -> String {
                """
                {"identityNumber":"\(RegistryFixture.identityNumber(index))","name":"欧阳春梅","gender":"女",
                 "mobile":"\(RegistryFixture.mobile(index))","divisionCode":"\(division)","category":"专业技术人员"}
                """
            }
            let both = try await service.send(
                [row(1, in: Self.mine), row(2, in: Self.theirs)], to: "/v1/talents/bulk", as: .townOfficer, "532923100")
            #expect(both.body.contains("\"accepted\":2"), "\(both.body)")
            let list = try await service.ask("GET", "/v1/talents", as: .communitySecretary, Self.mine)
            #expect(list.body.contains(Self.mine) && !list.body.contains(Self.theirs), "\(list.body)")
            let asked = try await service.ask(
                "GET", "/v1/talents?division=\(Self.theirs)", as: .communitySecretary, Self.mine)
            #expect(asked.body == "{\"items\":[]}")
            // A person of another town is not taken away from there.
            let taken = try await service.send(
                [row(2, in: "532923101001")], to: "/v1/talents/bulk", as: .townOfficer, "532923101")
            #expect(taken.body.contains("outside-scope") && !taken.body.contains(Self.theirs), "\(taken.body)")
            let organisations = [("A", Self.mine), ("B", Self.theirs)].map { code, division in
                "{\"code\":\"\(code)\",\"name\":\"党支部\",\"kind\":\"branch\",\"divisionCode\":\"\(division)\"}"
            }
            let registered = try await service.send(
                organisations, to: "/v1/party-organisations/bulk", as: .townOfficer, "532923100")
            #expect(registered.body.contains("\"accepted\":2"), "\(registered.body)")
            let seen = try await service.ask("GET", "/v1/party-organisations", as: .communityDesk, Self.mine)
            #expect(seen.body.contains("\"A\"") && !seen.body.contains("\"B\""))
            let count = """
                {"organisationCode":"B","asOf":"2021-07-31","total":20,"retired":1,"twoNew":2,"age35OrLess":3,"age60OrMore":4,
                 "collegeOrAbove":5}
                """
            let counted = try await service.send(
                [count], to: "/v1/member-counts/bulk", as: .communitySecretary, Self.mine)
            let unknown = try await service.send(
                [count.replacing("\"B\"", with: "\"Z\"")], to: "/v1/member-counts/bulk", as: .communitySecretary,
                Self.mine)
            #expect(counted.body == unknown.body && counted.body.contains("unknown"), "\(counted.body)")
        }
    }

    @Test func `a unit sees itself and its pairings, a community those that help it`() async throws {
        try await ServedService.with(CommunityPairing.self) { service in
            try await service.superuser.run(
                """
                insert into pairing.divisions values ('\(Self.mine)', 'community', null), ('\(Self.theirs)', 'community', null)
                """)
            let units = (1...2).map { index in
                """
                {"code":"\(PairingFixture.creditCode(index))","name":"单位\(index)","kind":"国有企业","strengths":["养老"],
                 "memberCount":30,"contactName":"贾柏","contactMobile":"15492203139"}
                """
            }
            let enrolled = try await service.send(units, to: "/v1/units/bulk", as: .countyAdmin, "532923")
            #expect(enrolled.body.contains("\"accepted\":2"), "\(enrolled.body)")
            let pairings = [(1, Self.mine), (2, Self.theirs)].map { index, target in
                """
                {"unitCode":"\(PairingFixture.creditCode(index))","targetCode":"\(target)","from":"2021-04-16","to":"2022-04-15"}
                """
            }
            let paired = try await service.send(pairings, to: "/v1/pairings/bulk", as: .countyAdmin, "532923")
            #expect(paired.body.contains("\"accepted\":2"), "\(paired.body)")
            let (first, second) = (PairingFixture.creditCode(1), PairingFixture.creditCode(2))
            for path in ["/v1/units", "/v1/pairings"] {
                let unit = try await service.ask("GET", path, as: .unitLiaison, "unit:\(first)")
                #expect(unit.body.contains(first) && !unit.body.contains(second), "\(path): \(unit.body)")
                let community = try await service.ask("GET", path, as: .communitySecretary, Self.mine)
                #expect(community.body.contains(first) && !community.body.contains(second), "\(path)")
                let county = try await service.ask("GET", path, as: .countyAdmin, "532923")
                #expect(county.body.contains(first) && county.body.contains(second))
            }
            let asked = try await service.ask("GET", "/v1/pairings?unit=\(second)", as: .unitLiaison, "unit:\(first)")
            #expect(asked.body == "{\"items\":[]}")
        }
    }

    @Test func `an inbox is empty to everybody but its owner`() async throws {
        try await ServedService.with(Notifications.self) { service in
            let owner = PersonID.new().description
            try await service.superuser.run(
                """
                insert into notify.inboxes values ('\(owner)', 1, 1);
                insert into notify.deliveries (event_id, event, recipient, person_id, state, reason, sequence, template,
                    subject_id, slots, grid_code, area_code, urgency, occurred_at, recorded_at)
                values (gen_random_uuid(), 'IncidentClosed', 'reporter', '\(owner)', 'SENT', null, 1, 'incidentClosed',
                    gen_random_uuid(), '{"number":"N1"}', '\(Self.mine)001', '\(Self.mine)001', 'ordinary', now(), now()),
                   (gen_random_uuid(), 'IncidentReported', 'role:gridWorker@area', null, 'SKIPPED', 'no-recipient', null,
                    'incidentReported', gen_random_uuid(), '{"number":"N2"}', '\(Self.theirs)001',
                    '\(Self.theirs)001', 'ordinary', now(), now())
                """)
            let own = try await service.ask("GET", "/v1/inbox/\(owner)", as: .resident, "self", subject: owner)
            #expect(own.body.contains("N1") && own.body.contains("\"unread\":1"), "\(own.body)")
            for (role, scope) in [
                (Role.resident, "self"), (.communityDesk, Self.mine), (.gridWorker, Self.mine + "001"),
            ] {
                let other = try await service.ask("GET", "/v1/inbox/\(owner)", as: role, scope)
                let nobody = try await service.ask("GET", "/v1/inbox/\(PersonID.new())", as: role, scope)
                #expect(other.body == nobody.body && !other.body.contains("N1"))
                let marked = try await service.ask("POST", "/v1/inbox/\(owner)/1/read", as: role, scope)
                #expect(marked.status == 404)
            }
            let findings = try await service.ask("GET", "/v1/findings", as: .communityDesk, Self.mine)
            #expect(findings.body == "{\"items\":[]}")
            let theirs = try await service.ask("GET", "/v1/findings", as: .communityDesk, Self.theirs)
            #expect(theirs.body.contains(Self.theirs))
        }
    }

    @Test func `the digest counts what lies in the scope and nothing else`() async throws {
        try await GatewayDatabase.with { gateway in
            try await gateway.apply([
                CountyFixture.community(1, .urbanCommunity), CountyFixture.community(2, .urbanCommunity),
                CountyFixture.organisation("A", .branch, in: Self.mine),
                CountyFixture.organisation("B", .branch, in: Self.theirs), CountyFixture.memberCount("A", total: 20),
                TalentListed(talent: CountyFixture.talent(in: Self.theirs)),
                IncidentReported(incident: CountyFixture.incident(grid: Self.mine + "00101")),
                IncidentReported(incident: CountyFixture.incident(grid: Self.theirs + "00101")),
            ])
            let all = try await gateway.counts()
            #expect(all.branches == 2 && all.talents == 1 && all.incidents == [.policyPublicity: 2])
            for (fenced, scope) in [Self.mine, Self.theirs].enumerated() {
                let filter = ScopeFilter([.division(try #require(DivisionPrefix(scope)))])
                let counts =
                    fenced == 0
                    ? try await gateway.counts(scope: filter)
                    // The second fence alone counts the same.
                    : try await RowScope.with(filter) { try await gateway.counts(scope: .everything) }
                #expect(counts.branches == 1 && counts.incidents == [.policyPublicity: 1], "\(scope)")
                #expect(counts.talents == (scope == Self.mine ? 0 : 1))
                #expect(counts.members == (scope == Self.mine ? 20 : 0))
            }
        }
    }
}

extension TestDatabase {
    /// Runs a script; for rows that only a reader would write.
    func run(_ sql: String) async throws {
        let connection = try await PostgresConnection.connect(configuration)
        try await connection.script(sql)
        await connection.close()
    }
}
