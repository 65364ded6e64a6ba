import Models

/// A merge as it is sent, nothing checked yet.
package struct GridMergeDraft: Decodable, Sendable {
    package var others: [String]?
    package var code: String?
    package var name: String?
    package var households: Int?
    package var boundary: String?
    package var geometry: GeoJSONPolygon?

    /// The most grids of one merge.
    static let most = 20

    /// The order to merge a grid with others.
    ///
    /// - Throws: all faults of what was sent.
    package func checked(_ leading: GridCode) throws(RowFaults) -> GridReform {
        var reader = RowReader()
        var found: [GridCode] = []
        let sent = others ?? []
        if sent.isEmpty { reader.add(.required("others")) }
        if sent.count >= Self.most { reader.add(.outOfRange("others", 1...(Self.most - 1))) }
        for (index, text) in sent.prefix(Self.most).enumerated() {
            guard let code = GridCode(FieldText.code(text)) else {
                reader.add("others/\(index)", .malformed, "应为 15 或 17 位数字，请核对", "it has 15 or 17 digits; check it")
                continue
            }
            if code == leading || found.contains(code) {
                reader.add("others/\(index)", .notApplicable, "同一网格只填一次，请删除", "the grid is named twice; take it out")
            }
            found.append(code)
        }
        guard reader.isSound else { throw RowFaults(reader.faults) }
        let part = GridPartDraft(
            code: code, name: name, households: households, boundary: boundary, geometry: geometry)
        let successor = try part.checked(siblingOf: leading, needsBoundary: false)
        return GridReform(kind: .merge, code: leading, others: found, successors: [successor])
    }
}

/// A split as it is sent, nothing checked yet.
package struct GridSplitDraft: Decodable, Sendable {
    package var parts: [GridPartDraft]?

    /// The order to split a grid into parts.
    ///
    /// - Throws: all faults of what was sent.
    package func checked(_ code: GridCode) throws(RowFaults) -> GridReform {
        let sent = parts ?? []
        guard (2...GridMergeDraft.most).contains(sent.count) else {
            throw RowFaults([.outOfRange("parts", 2...GridMergeDraft.most)])
        }
        var successors: [GridReform.Successor] = []
        var faults: [RowFault] = []
        for (index, part) in sent.enumerated() {
            do throws(RowFaults) {
                let successor = try part.checked(siblingOf: code, needsBoundary: true)
                if successors.contains(where: { $0.code == successor.code }) {
                    faults.append(.codeUsed("parts/\(index)/code"))
                }
                successors.append(successor)
            } catch {
                faults += error.faults.map { $0.moved(to: "parts/\(index)/\($0.field)") }
            }
        }
        guard faults.isEmpty else { throw RowFaults(faults) }
        return GridReform(kind: .split, code: code, successors: successors)
    }
}

/// A new grid as it is sent with a merge or a split.
package struct GridPartDraft: Decodable, Sendable {
    package var code: String?
    package var name: String?
    package var households: Int?
    package var boundary: String?
    package var geometry: GeoJSONPolygon?

    func checked(siblingOf old: GridCode, needsBoundary: Bool) throws(RowFaults) -> GridReform.Successor {
        var reader = RowReader()
        let code = reader.value(self.code, "code", form: ("15 或 17 位数字", "15 or 17 digits")) { GridCode($0) }
        if let code, code.parentCode != old.parentCode {
            reader.add(
                "code", .parentMismatch, "新网格应与原网格同属 \(old.parentCode)，请改正编码",
                "the new grid must lie in \(old.parentCode), as the old one does; correct the code")
        }
        let name = reader.text(self.name, "name", max: 100)
        let households = reader.optionalCount(self.households, "households", max: 1_000_000)
        let isDrawn = needsBoundary || FieldText.present(boundary) != nil || geometry != nil
        let boundary = isDrawn ? GridDraft.boundary(self.boundary, geometry, &reader) : nil
        guard reader.isSound, let code, let name else { throw RowFaults(reader.faults) }
        return GridReform.Successor(code: code, name: name, households: households, boundary: boundary)
    }
}

extension RowFault {
    /// The same fault of another field.
    fileprivate func moved(to field: String) -> RowFault {
        RowFault(field: field, code: code, chinese, english)
    }

    /// A code that some grid has or had.
    static func codeUsed(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .codeUsed, "该编码已用过，网格编码不得重复使用，请换一个",
            "the code was used before, and no code is used twice; choose another")
    }
}
