import Models

/// What carrying out a change makes of a room.
package struct RoomChange: Sendable {
    /// The room afterwards.
    package let room: Room
    /// The fact to tell others; nil when nothing changed.
    package let event: (any RoomEvent)?
}

/// Decides what rows of rooms change: the community must exist.
package struct RoomIntake: Sendable {
    /// What became of each row.
    package private(set) var outcomes: [Numbered<RowOutcome>] = []
    /// Rooms to write, new and changed.
    package private(set) var changes: [RoomChange] = []

    /// Decides over rows, each with a key of its own.
    ///
    /// - Parameters:
    ///   - known: the stored rooms among those of the rows.
    ///   - divisions: those of the rows' communities that are known.
    package init(_ rows: [Numbered<StatedRoom>], known: [RoomKey: Room], divisions: Set<DivisionCode>) {
        for row in rows {
            guard divisions.contains(row.content.divisionCode) else {
                outcomes.append(Numbered(row: row.row, .rejected([.divisionUnknown("divisionCode")])))
                continue
            }
            let change = Self.change(row.content, known: known[row.content.key])
            if let change { changes.append(change) }
            outcomes.append(Numbered(row: row.row, change == nil ? .unchanged : .accepted))
        }
    }

    private static func change(_ stated: StatedRoom, known: Room?) -> RoomChange? {
        guard var room = known else {
            let room = Room(id: .new(), stated: stated, isBookable: stated.isBookableByDefault)
            return RoomChange(room: room, event: RoomRegistered(room: room.facts))
        }
        guard room.stated != stated else { return nil }
        // Whoever is let in now decides anew whether it can be booked.
        if room.stated.openTo != stated.openTo || room.stated.kind != stated.kind {
            room.isBookable = stated.isBookableByDefault
        }
        room.stated = stated
        room.version += 1
        return RoomChange(room: room, event: RoomChanged(room: room.facts))
    }
}

extension Room {
    /// Puts particulars in the place of what was there.
    ///
    /// - Parameter facilityTenure: that of the facility that they name.
    /// - Throws: `RowFaults` for an archive or finance room that shall be booked (INV-18).
    package func applying(_ settings: RoomSettings, facilityTenure: Tenure?) throws(RowFaults) -> RoomChange {
        guard !settings.isBookable || stated.kind.isEverBookable else {
            let fault = RowFault(
                field: "bookable", code: .neverBookable, "档案室和财务室不能预约，请改为 false",
                "archive and finance rooms are never booked; set it to false")
            throw RowFaults([fault])
        }
        var room = self
        room.stated.name = settings.name
        room.stated.areaSquareMetres = settings.areaSquareMetres
        room.stated.tenure = settings.tenure
        room.stated.capacity = settings.capacity
        room.stated.openTo = settings.openTo
        room.facilityID = settings.facilityID
        room.facilityTenure = facilityTenure
        room.isBookable = settings.isBookable
        room.isInUse = settings.isInUse
        room.hours = settings.hours
        guard room != self else { return RoomChange(room: room, event: nil) }
        room.version += 1
        return RoomChange(room: room, event: RoomChanged(room: room.facts))
    }
}
