import Models

/// What can be done with a station, by name.
package enum StationAction: String, Sendable, CaseIterable {
    case open
    case upgrade
    case close
}

/// An order to do something with a station.
package enum StationCommand: Sendable, Hashable {
    /// Open a planned station, or one whose upgrade is done; what is not said stays as it was.
    case open(on: CalendarDay, functions: [StationFunction]?, mergedFrom: [MergedPlace]?)
    /// Begin an upgrade of its functions 功能升级.
    case upgrade
    /// Close it for good.
    case close

    /// The name of what is ordered.
    package var action: StationAction {
        switch self {
        case .open: .open
        case .upgrade: .upgrade
        case .close: .close
        }
    }
}

/// Why an order to a station cannot be carried out.
package enum StationRefusal: Error, Sendable, Hashable {
    /// The state does not allow it.
    case wrongState(StationState, StationAction)
}

/// What carrying out an order makes of a station.
package struct StationChange: Sendable {
    /// The station afterwards.
    package let station: Station
    /// The fact to tell others.
    package let event: any StationEvent
}

/// The state machine of `DOMAIN.md` 2.5.8: planned → open → upgrading → open → closed.
extension Station {
    /// Carries out an order.
    ///
    /// - Throws: `StationRefusal`.
    package func carryingOut(_ command: StationCommand) throws(StationRefusal) -> StationChange {
        var after = self
        let event = try after.apply(command)
        after.version += 1
        return StationChange(station: after, event: event.init(station: after.facts))
    }

    private mutating func apply(_ command: StationCommand) throws(StationRefusal) -> any StationEvent.Type {
        switch (state, command) {
        case (.planned, .open(let day, let functions, let mergedFrom)):
            openedOn = day
            openedYear = day.year
            open(functions, mergedFrom)
            return StationOpened.self
        case (.upgrading, .open(_, let functions, let mergedFrom)):
            open(functions, mergedFrom)
            return StationUpgraded.self
        case (.open, .upgrade):
            state = .upgrading
            return StationChanged.self
        case (.open, .close):
            state = .closed
            return StationClosed.self
        default:
            throw .wrongState(state, command.action)
        }
    }

    private mutating func open(_ functions: [StationFunction]?, _ mergedFrom: [MergedPlace]?) {
        state = .open
        stated.functions = functions ?? stated.functions
        stated.mergedFrom = mergedFrom ?? stated.mergedFrom
    }
}
