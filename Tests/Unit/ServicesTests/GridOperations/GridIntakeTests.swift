import GridOperationsService
import Models
import Testing

@Suite struct GridIntakeTests {
    private let community: Set<String> = ["532923100001"]

    @Test func `a boundary is read from well-known text`() throws {
        let boundary = try GridBoundary(
            wellKnownText: " polygon ((100.552000 25.483, 100.5565 25.483,100.5565 25.501,100.552 25.483000)) ")
        #expect(boundary.rings.map(\.count) == [4])
        #expect(boundary.wellKnownText == "POLYGON((100.552 25.483,100.5565 25.483,100.5565 25.501,100.552 25.483))")
        #expect(try GridBoundary(wellKnownText: boundary.wellKnownText) == boundary)
    }

    @Test(arguments: [
        ("POINT(100 25)", GridBoundary.Fault.form), ("POLYGON((100 25,101 25,101 26,100 25)", .form),
        ("POLYGON((100 25,101 25,101 26,100 25)) x", .form), ("POLYGON(())", .form), ("POLYGON((a b))", .form),
        ("POLYGON((25 100,25 101,26 101,25 100))", .coordinate), ("POLYGON((nan 1,1 1,1 2,nan 1))", .form),
        ("POLYGON((100 25,101 25,101 26,100 26))", .openRing), ("POLYGON((100 25,101 25,100 25))", .openRing),
    ]) func `a text that is no boundary is refused`(text: String, fault: GridBoundary.Fault) {
        #expect(throws: fault) { try GridBoundary(wellKnownText: text) }
    }

    @Test func `a boundary is read from GeoJSON, and its faults are those of a text`() throws {
        let ring = [[100.5, 25.4], [100.6, 25.4, 1900], [100.6, 25.5], [100.5, 25.4]]
        let boundary = try GridBoundary(GeoJSONPolygon(type: "Polygon", coordinates: [ring]))
        #expect(boundary.wellKnownText == "POLYGON((100.5 25.4,100.6 25.4,100.6 25.5,100.5 25.4))")
        #expect(try GridBoundary(GeoJSONPolygon(boundary)) == boundary)
        let faults: [(GeoJSONPolygon, GridBoundary.Fault)] = [
            (GeoJSONPolygon(type: "MultiPolygon", coordinates: [ring]), .form),
            (GeoJSONPolygon(type: "Polygon", coordinates: []), .form),
            (GeoJSONPolygon(type: "Polygon", coordinates: [[[100.5], [100.6, 25.4]]]), .form),
            (GeoJSONPolygon(type: "Polygon", coordinates: [Array(ring.dropLast())]), .openRing),
            (GeoJSONPolygon(type: "Polygon", coordinates: [ring.map { [$0[1], $0[0]] }]), .coordinate),
            (
                GeoJSONPolygon(
                    type: "Polygon",
                    coordinates: [Array(repeating: [100.5, 25.4], count: GridBoundary.pointsMax + 1)]), .tooManyPoints
            ),
        ]
        for (polygon, fault) in faults {
            #expect(throws: fault) { try GridBoundary(polygon) }
        }
    }

    @Test func `a row of the sheet is a grid`() throws {
        let grid = try GridDraft(
            code: "53292310000100101", name: "第1服务小组", level: "group", parentCode: "532923100001001", households: 258,
            boundary: GridSamples.box(0, 0, 10, 10)
        ).checked()
        #expect(grid.parentCode == "532923100001001" && grid.households == 258)
        #expect(grid.facts == GridFacts(code: GridSamples.group, level: .group, households: 258))
    }

    @Test func `all faults of a row are told at once`() {
        let draft = GridDraft(
            code: "532923100001001", name: nil, level: "group", parentCode: "532923100002", households: -1,
            boundary: "POLYGON((25 100,25 101,26 101,25 100))")
        let faults = #expect(throws: RowFaults.self) { try draft.checked() }
        #expect(
            faults?.words == [
                "name:required", "households:out-of-range", "boundary:out-of-range", "level:level-mismatch",
                "parentCode:parent-mismatch",
            ])
    }

    @Test func `a group may come with its area or after it but not without`() throws {
        let rows = [try row(2, "53292310000100101"), try row(3, "532923100001001")]
        let together = intake(rows)
        #expect(together.outcomes.acceptedRows == [2, 3])
        #expect(together.written.map(\.code) == [GridSamples.area, GridSamples.group])
        #expect(intake([rows[0]]).outcomes.faults(ofRow: 2) == ["parentCode:reference-unknown"])
        let known = [GridSamples.area: try GridSamples.grid("532923100001001")]
        #expect(intake([rows[0]], known: known).outcomes.acceptedRows == [2])
    }

    @Test func `an area needs its community`() throws {
        let outcome = GridIntake(
            [try row(2, "532923100002001")], known: [:], communities: community, geometry: GridGeometry())
        #expect(outcome.outcomes.faults(ofRow: 2) == ["parentCode:reference-unknown"])
    }

    @Test func `of two rows that overlap the first one counts`() throws {
        var geometry = GridGeometry()
        let (one, other) = (GridSamples.code("532923100001001"), GridSamples.code("532923100001002"))
        geometry.overlapsSent = [one: [other], other: [one]]
        let outcomes = intake([try row(2, other.digits), try row(3, one.digits)], geometry: geometry).outcomes
        #expect(outcomes.acceptedRows == [2])
        #expect(outcomes.faults(ofRow: 3) == ["boundary:boundary-overlap"])
    }

    @Test func `a border may move between two grids of a request`() throws {
        let (one, other) = (GridSamples.code("532923100001001"), GridSamples.code("532923100001002"))
        let known = [one: try GridSamples.grid(one.digits), other: try GridSamples.grid(other.digits)]
        var geometry = GridGeometry()
        geometry.overlapsStored = [one: [other]]
        let rows = [
            try row(2, one.digits, GridSamples.box(0, 0, 12, 10)),
            try row(3, other.digits, GridSamples.box(12, 0, 20, 10)),
        ]
        #expect(intake(rows, known: known, geometry: geometry).outcomes.acceptedRows == [2, 3])
        // When the neighbour's row falls, the stored neighbour stays, and then there is an overlap.
        geometry.invalid = [other]
        let outcomes = intake(rows, known: known, geometry: geometry).outcomes
        #expect(outcomes.faults(ofRow: 3) == ["boundary:boundary-invalid"])
        #expect(outcomes.faults(ofRow: 2) == ["boundary:boundary-overlap"])
    }

    @Test func `a group is held against the boundary that its area is going to have`() throws {
        let known = [GridSamples.area: try GridSamples.grid("532923100001001")]
        let rows = [
            try row(2, "532923100001001", GridSamples.box(0, 0, 20, 20)),
            try row(3, "53292310000100101", GridSamples.box(0, 0, 15, 15)),
        ]
        var geometry = GridGeometry()
        geometry.outsideStored = [GridSamples.group]
        #expect(intake(rows, known: known, geometry: geometry).outcomes.acceptedRows == [2, 3])
        geometry.invalid = [GridSamples.area]
        #expect(
            intake(rows, known: known, geometry: geometry).outcomes.faults(ofRow: 3) == [
                "boundary:boundary-outside-parent"
            ])
        geometry = GridGeometry()
        geometry.outsideSent = [GridSamples.group]
        #expect(
            intake(rows, known: known, geometry: geometry).outcomes.faults(ofRow: 3) == [
                "boundary:boundary-outside-parent"
            ])
    }

    @Test func `an area may not leave its groups outside`() throws {
        let known = [GridSamples.area: try GridSamples.grid("532923100001001")]
        var geometry = GridGeometry()
        geometry.strands = [GridSamples.area: [GridSamples.group]]
        let smaller = [try row(2, "532923100001001", GridSamples.box(0, 0, 5, 5))]
        #expect(
            intake(smaller, known: known, geometry: geometry).outcomes.faults(ofRow: 2) == ["boundary:groups-outside"])
    }

    private func row(
        _ number: Int, _ code: String, _ boundary: String = GridSamples.box(0, 0, 10, 10)
    ) throws -> Numbered<Grid> {
        Numbered(row: number, try GridSamples.grid(code, boundary))
    }

    private func intake(
        _ rows: [Numbered<Grid>], known: [GridCode: Grid] = [:], geometry: GridGeometry = GridGeometry()
    ) -> GridIntake {
        GridIntake(rows, known: known, communities: community, geometry: geometry)
    }
}
