import Models

/// A grid as a row states it, nothing checked yet.
package struct GridDraft: Decodable, Sendable {
    package var code: String?
    package var name: String?
    package var level: String?
    package var parentCode: String?
    package var households: Int?
    /// Well-known text of a polygon, WGS 84.
    package var boundary: String?
    /// The same as GeoJSON; one of the two.
    package var geometry: GeoJSONPolygon?

    /// Gathers the fields.
    package init(
        code: String?, name: String?, level: String?, parentCode: String?, households: Int? = nil, boundary: String?,
        geometry: GeoJSONPolygon? = nil
    ) {
        self.geometry = geometry
        self.code = code
        self.name = name
        self.level = level
        self.parentCode = parentCode
        self.households = households
        self.boundary = boundary
    }

    /// The grid that the row states.
    ///
    /// - Throws: all faults of the row.
    package func checked() throws(RowFaults) -> Grid {
        var reader = RowReader()
        let code = reader.value(self.code, "code", form: ("15 或 17 位数字", "15 or 17 digits")) { GridCode($0) }
        let name = reader.text(self.name, "name", max: 100)
        let level = reader.choice(self.level, "level", of: GridLevel.self)
        let households = reader.optionalCount(self.households, "households", max: 1_000_000)
        let boundary = Self.boundary(self.boundary, geometry, &reader)
        if let code {
            if let level, level != code.level {
                reader.add(
                    "level", .levelMismatch, "层级与编码位数不符（15 位责任区、17 位服务小组），请核对",
                    "the level does not fit the length of the code (15 area, 17 group); check both")
            }
            reader.parent(parentCode, "parentCode", isRequired: true, expected: code.parentCode)
        }
        guard let code, let name, let boundary else { throw RowFaults(reader.faults) }
        return try reader.checked(Grid(code: code, name: name, households: households, boundary: boundary))
    }

    static func boundary(
        _ text: String?, _ polygon: GeoJSONPolygon?, _ reader: inout RowReader
    ) -> GridBoundary? {
        let text = FieldText.present(text)
        guard text != nil || polygon != nil else {
            reader.add(.required("boundary"))
            return nil
        }
        if text != nil, polygon != nil {
            reader.add(
                "geometry", .notApplicable, "边界和 geometry 只填一项", "state the boundary as text or as GeoJSON, not as both"
            )
            return nil
        }
        do throws(GridBoundary.Fault) {
            if let polygon { return try GridBoundary(polygon) }
            return try GridBoundary(wellKnownText: text ?? "")
        } catch {
            let (code, chinese, english) = describe(error)
            reader.add(polygon == nil ? "boundary" : "geometry", code, chinese, english)
            return nil
        }
    }

    private static func describe(_ fault: GridBoundary.Fault) -> (RowFault.Code, String, String) {
        switch fault {
        case .form:
            (
                .malformed, "边界应为 POLYGON((经度 纬度,…)) 或 GeoJSON 的 Polygon，请核对",
                "the boundary must be POLYGON((longitude latitude,…)) or a Polygon of GeoJSON; check it"
            )
        case .coordinate:
            (
                .outOfRange, "边界中有坐标超出范围，请核对经度在前、纬度在后",
                "a coordinate of the boundary is out of range; longitude comes before latitude"
            )
        case .openRing:
            (
                .boundaryInvalid, "边界没有闭合或少于四个点，请让首尾两点相同",
                "the boundary is not closed or has fewer than four points; repeat the first point at the end"
            )
        case .tooManyPoints:
            (
                .outOfRange, "边界超过 \(GridBoundary.pointsMax) 个点，请简化",
                "the boundary has more than \(GridBoundary.pointsMax) points; simplify it"
            )
        }
    }
}
