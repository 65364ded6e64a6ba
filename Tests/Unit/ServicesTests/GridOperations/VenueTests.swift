import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct VenueTests {
    private let community = GridSamples.division("532923100001")
    private let today = GridSamples.day("2021-08-01")

    private func draft(_ code: String = "Y001", year: Int? = 2020) -> StationDraft {
        StationDraft(
            code: code, name: "褚家营社区“雨润家园”服务站", kind: "station", divisionCode: "532923100001", openedYear: year)
    }

    private func row(_ number: Int, _ draft: StationDraft) throws -> Numbered<OpenedStation> {
        Numbered(row: number, try draft.opened(today: today))
    }

    // MARK: - Stations

    @Test func `no station is older than the first or of the future, and all faults are told at once`() throws {
        #expect(try draft(year: 2019).opened(today: today).openedYear == 2019)
        for year in [2018, 2022, nil] as [Int?] {
            let faults = #expect(throws: RowFaults.self) { try draft(year: year).opened(today: today) }
            #expect(faults?.words == [year == nil ? "openedYear:required" : "openedYear:out-of-range"])
        }
        let wrong = StationDraft(
            code: "Y 1", name: "", kind: "hall", divisionCode: "53292x", openedYear: 1, functions: ["dance"])
        let faults = #expect(throws: RowFaults.self) { try wrong.opened(today: today) }
        #expect(
            faults?.words == [
                "code:character", "name:required", "kind:unknown-word", "divisionCode:malformed",
                "functions:unknown-word", "openedYear:out-of-range",
            ])
        let plan = #expect(throws: RowFaults.self) { try wrong.planned() }
        #expect(
            plan?.words == [
                "openedYear:not-applicable", "code:character", "name:required", "kind:unknown-word",
                "divisionCode:malformed", "functions:unknown-word",
            ])
    }

    @Test func `a station is planned, opened, upgraded, opened again and closed, and nothing else`() throws {
        var station = Station(id: .new(), stated: try draft(year: nil).planned(), state: .planned)
        let orders: [(StationAction, StationCommandDraft, StationState, String)] = [
            (.open, StationCommandDraft(openedOn: "2021-07-01"), .open, "StationOpened"),
            (.upgrade, StationCommandDraft(), .upgrading, "StationChanged"),
            (
                .open, StationCommandDraft(functions: ["serveVillagers", "gatherPeople"], mergedFrom: ["womensHome"]),
                .open, "StationUpgraded"
            ),
            (.close, StationCommandDraft(), .closed, "StationClosed"),
        ]
        for (place, (action, draft, state, event)) in orders.enumerated() {
            // What the state does not allow is refused, and changes nothing.
            let allowed: [StationState: Set<StationAction>] = [
                .planned: [.open], .open: [.upgrade, .close], .upgrading: [.open],
            ]
            for other in StationAction.allCases where allowed[station.state]?.contains(other) != true {
                let command = try StationCommandDraft().checked(other, today: today)
                #expect(throws: StationRefusal.wrongState(station.state, other)) { try station.carryingOut(command) }
            }
            let change = try station.carryingOut(try draft.checked(action, today: today))
            station = change.station
            #expect(station.state == state && station.version == place + 2)
            #expect(type(of: change.event).name == event)
        }
        #expect(station.openedYear == 2021 && station.openedOn == CalendarDay("2021-07-01"))
        #expect(station.stated.functions == [.gatherPeople, .serveVillagers])
        for action in StationAction.allCases {
            let command = try StationCommandDraft().checked(action, today: today)
            #expect(throws: StationRefusal.wrongState(.closed, action)) { try station.carryingOut(command) }
        }
        let early = #expect(throws: RowFaults.self) {
            try StationCommandDraft(openedOn: "2018-12-31").checked(.open, today: today)
        }
        #expect(early?.words == ["openedOn:out-of-range"])
    }

    @Test func `a sheet that is imported again changes nothing, and keeps what it has no column for`() throws {
        let first = StationIntake(
            [try row(2, draft())], known: [:], divisions: [community], scope: .everything)
        var station = try #require(first.changes.first?.station)
        #expect(station.state == .open && type(of: first.changes[0].event).name == "StationOpened")
        station.stated.functions = [.spreadLaw]
        let again = StationIntake(
            [try row(2, draft())], known: ["Y001": station], divisions: [community], scope: .everything)
        #expect(again.changes.isEmpty && again.outcomes.map(\.content) == [.unchanged])
        var renamed = draft()
        renamed.name = "新名称"
        let changed = StationIntake(
            [try row(2, renamed)], known: ["Y001": station], divisions: [community], scope: .everything)
        #expect(changed.changes.first?.station.stated.functions == [.spreadLaw])
        #expect(changed.changes.first.map { type(of: $0.event).name } == "StationChanged")
    }

    @Test func `an unknown division, a closed station and one of a neighbour are refused`() throws {
        var closed = Station(id: .new(), stated: try draft().planned2020(), state: .closed, openedYear: 2020)
        let unknown = StationIntake([try row(2, draft())], known: [:], divisions: [], scope: .everything)
        #expect(unknown.outcomes.faults(ofRow: 2) == ["divisionCode:reference-unknown"])
        let refused = StationIntake(
            [try row(2, draft())], known: ["Y001": closed], divisions: [community], scope: .everything)
        #expect(refused.outcomes.faults(ofRow: 2) == ["code:station-closed"])
        closed.state = .open
        closed.stated.divisionCode = GridSamples.division("532923100002")
        let mine = ScopeFilter([.division(try #require(DivisionPrefix("532923100001")))])
        let taken = StationIntake([try row(2, draft())], known: ["Y001": closed], divisions: [community], scope: mine)
        #expect(taken.outcomes.faults(ofRow: 2) == ["code:outside-scope"] && taken.changes.isEmpty)
    }

    // MARK: - Rooms

    private func room(_ kind: String, openTo: String = "resident") -> RoomDraft {
        RoomDraft(
            divisionCode: "532923100001", kind: kind, areaSquareMetres: 75, tenure: "owned", capacity: 58,
            openTo: openTo)
    }

    @Test(arguments: RoomKind.allCases) func `archive and finance rooms are never bookable`(kind: RoomKind) throws {
        let intake = RoomIntake(
            [Numbered(row: 2, try room(kind.rawValue).checked())], known: [:], divisions: [community])
        let room = try #require(intake.changes.first?.room)
        let isClosed = kind == .archive || kind == .finance
        #expect(room.isBookable != isClosed && room.stated.name == kind.chinese)
        let settings = try RoomSettingsDraft(name: "甲", openTo: "resident", bookable: true).checked()
        if isClosed {
            let faults = #expect(throws: RowFaults.self) { try room.applying(settings, facilityTenure: nil) }
            #expect(faults?.words == ["bookable:never-bookable"])
        } else {
            #expect(try room.applying(settings, facilityTenure: nil).room.isBookable)
        }
    }

    @Test func `a room for the staff alone is not bookable, and a room of the sheet again is unchanged`() throws {
        let staff = RoomIntake(
            [Numbered(row: 2, try room("meeting", openTo: "staffOnly").checked())], known: [:], divisions: [community])
        let meeting = try #require(staff.changes.first?.room)
        #expect(!meeting.isBookable)
        let again = RoomIntake(
            [Numbered(row: 2, meeting.stated)], known: [meeting.stated.key: meeting], divisions: [community])
        #expect(again.outcomes.map(\.content) == [.unchanged] && again.changes.isEmpty)
        let opened = RoomIntake(
            [Numbered(row: 2, try room("meeting").checked())], known: [meeting.stated.key: meeting],
            divisions: [community])
        #expect(opened.changes.first?.room.isBookable == true)
    }

    @Test func `a room says its own tenure before that of its facility`() throws {
        let stated = try RoomDraft(divisionCode: "532923100001", kind: "duty", openTo: "resident").checked()
        let room = Room(id: .new(), stated: stated, facilityTenure: .rented, isBookable: true)
        #expect(room.facts.tenure == .rented)
        let own = Room(id: .new(), stated: try self.room("duty").checked(), facilityTenure: .rented, isBookable: true)
        #expect(own.facts.tenure == .owned)
    }

    // MARK: - Opening hours

    private func checkedHours(_ weekly: OpeningHoursDraft, _ words: [String]? = nil) -> OpeningHours? {
        let draft = RoomSettingsDraft(name: "甲", openTo: "resident", bookable: true, openingHours: weekly)
        do throws(RowFaults) {
            let settings = try draft.checked()
            #expect(words == nil)
            return settings.hours
        } catch {
            #expect(error.words == words)
            return nil
        }
    }

    private func week(_ weekday: Int, _ spans: (String, String)...) -> OpeningHoursDraft.Weekday {
        OpeningHoursDraft.Weekday(weekday: weekday, spans: spans.map { OpeningHoursDraft.Span(from: $0.0, to: $0.1) })
    }

    @Test func `a room is open in the spans of the week, but for days that are otherwise`() throws {
        let hours = try #require(
            checkedHours(
                OpeningHoursDraft(
                    weekly: [week(1, ("08:30", "11:30"), ("14:00", "24:00"))],
                    exceptions: [
                        OpeningHoursDraft.Exception(day: "2021-08-09", spans: []),
                        OpeningHoursDraft.Exception(
                            day: "2021-08-10", spans: [OpeningHoursDraft.Span(from: "09:00", to: "10:00")]),
                    ])))
        func isOpen(_ from: String, _ to: String) throws -> Bool {
            hours.contains(
                try #require(RFC3339.parse("\(from):00+08:00"))..<(try #require(RFC3339.parse("\(to):00+08:00"))))
        }
        // 2021-08-02 is a Monday.
        #expect(try #require(CalendarDay("2021-08-02")).weekday == 1)
        #expect(try isOpen("2021-08-02T08:30", "2021-08-02T11:30"))
        #expect(try isOpen("2021-08-02T23:00", "2021-08-03T00:00"))
        #expect(try !isOpen("2021-08-02T08:29", "2021-08-02T09:00"))
        #expect(try !isOpen("2021-08-02T11:00", "2021-08-02T14:30"))
        #expect(try !isOpen("2021-08-03T08:30", "2021-08-03T09:00"))
        #expect(try !isOpen("2021-08-09T08:30", "2021-08-09T09:00"))
        #expect(try isOpen("2021-08-10T09:00", "2021-08-10T10:00"))
        #expect(OpeningHours().isEmpty && !hours.isEmpty)
    }

    @Test func `hours that make no sense are refused where they stand`() {
        _ = checkedHours(OpeningHoursDraft(weekly: [week(8)]), ["openingHours/weekly/0/weekday:out-of-range"])
        _ = checkedHours(
            OpeningHoursDraft(weekly: [week(1, ("11:30", "08:30"))]), ["openingHours/weekly/0/spans:hours-invalid"])
        _ = checkedHours(
            OpeningHoursDraft(weekly: [week(1, ("08:00", "10:00"), ("10:00", "12:00"))]),
            ["openingHours/weekly/0/spans:hours-invalid"])
        _ = checkedHours(OpeningHoursDraft(weekly: [week(1), week(1)]), ["openingHours:hours-invalid"])
        _ = checkedHours(
            OpeningHoursDraft(weekly: [week(1, ("8:30", "25:00"))]),
            [
                "openingHours/weekly/0/spans/0/from:malformed", "openingHours/weekly/0/spans/0/to:malformed",
            ])
    }
}

extension StationDraft {
    /// What the draft states, without its year.
    fileprivate func planned2020() throws -> StatedStation {
        var draft = self
        draft.openedYear = nil
        return try draft.planned()
    }
}
