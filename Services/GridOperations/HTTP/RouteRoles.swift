import Models
import ServiceKit

/// Who may use the routes of grid operations (DOMAIN 2.7); the README has the table.
extension Set<Role> {
    /// Who sees the map: divisions and grids.
    static let directory: Set<Role> = [
        .countyAdmin, .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker, .gridPolice,
    ]
    /// Who merges and splits grids.
    static let gridReforming: Set<Role> = [.countyAdmin, .townOfficer]
    /// Who puts people into grids.
    static let staffing: Set<Role> = [.countyAdmin, .townOfficer, .communitySecretary]
    /// Who sees the people of a grid, masked: nobody above the level that works with them.
    static let gridPeople: Set<Role> = [
        .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker,
    ]
    /// Who sees who answers for which field.
    static let fieldReading: Set<Role> = gridPeople.union([.countyAdmin])
    /// Who reports.
    static let reporting: Set<Role> = [
        .communitySecretary, .communityDesk, .gridLeader, .gridWorker, .volunteer, .resident,
    ]
    /// Who brings old sheets in.
    static let importing: Set<Role> = [.countyAdmin, .townOfficer, .communityDesk]
    /// Who reads incidents; the grid police does not search them (H03), and above the town nobody sees rows.
    static let incidentReading: Set<Role> = [
        .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker, .volunteer, .resident,
        .unitLiaison, .propertyCompany,
    ]
    /// Who sees how the reporter can be reached: the desk, and the grid worker of a task that is open (DOMAIN 2.7).
    static let contactReading: Set<Role> = [.communitySecretary, .communityDesk, .gridWorker]
    /// Who reads what came with a report over Open311.
    static let open311Reading: Set<Role> = [.townOfficer, .communitySecretary, .communityDesk, .gridWorker]
    /// Who answers a whistle: the units that it called, and whoever writes down what they said.
    static let whistleAnswering: Set<Role> = [.townOfficer, .communityDesk, .unitLiaison, .propertyCompany]
    /// Who sees which whistles are open before he blows one, and those who are called.
    static let whistleReading: Set<Role> = [
        .townOfficer, .communitySecretary, .communityDesk, .unitLiaison, .propertyCompany,
    ]
    /// Who sees on the map how many open incidents there are, and where: those who see their rows.
    static let incidentMapReading: Set<Role> = [
        .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker,
    ]
    /// Who plans, opens, upgrades and closes stations.
    static let stationKeeping: Set<Role> = [.countyAdmin, .townOfficer, .communitySecretary]
    /// Who keeps facilities and rooms.
    static let venueKeeping: Set<Role> = [.townOfficer, .communitySecretary, .communityDesk]
    /// Who brings sheets of places in, and sees what is wrong with places.
    static let venueImporting: Set<Role> = [.countyAdmin, .townOfficer, .communitySecretary, .communityDesk]
    /// Who keeps the bookings of a community.
    static let bookingDesk: Set<Role> = [.communitySecretary, .communityDesk]
    /// Who books as himself: residents and stationed organisations alike, first come, first served (INV-18).
    static let applicants: Set<Role> = [
        .resident, .volunteer, .inServiceMember, .unitLiaison, .unitPartyOrganisation, .propertyCompany,
    ]
    /// Who reads the rules of incidents: whoever files, dispatches or answers for it.
    static let rulebookReading: Set<Role> = [
        .countyAdmin, .townOfficer, .communitySecretary, .communityDesk, .gridLeader, .gridWorker,
    ]
}

extension IncidentAction {
    /// Who may give the order.
    var roles: Set<Role> {
        switch self {
        case .file, .reject, .dispatch, .pause, .resume, .extend, .verify:
            [.townOfficer, .communitySecretary, .communityDesk]
        case .reopen, .followUp: [.townOfficer, .communitySecretary, .communityDesk, .volunteer, .resident]
        case .selfHandle: [.communityDesk, .gridWorker]
        case .accept, .giveBack, .handle:
            [.communitySecretary, .communityDesk, .gridWorker, .unitLiaison, .propertyCompany]
        case .withdraw: [.communityDesk, .gridWorker, .volunteer, .resident]
        case .whistle: [.townOfficer]
        case .answerWhistle: .whistleAnswering
        case .addPhoto: .reporting
        case .join, .split: [.townOfficer, .communitySecretary, .communityDesk]
        case .archive: []
        }
    }

    /// Which scopes count: the reporter's for what is his, and a unit's for what was sent to it.
    var scope: ScopeRule {
        switch self {
        case .withdraw, .reopen, .followUp, .addPhoto: .divisionOrOwn
        case .accept, .giveBack, .handle, .answerWhistle: .divisionOrUnit
        default: .division
        }
    }
}

extension BookingAction {
    /// Who may give the order: the secretary approves, the desk does the rest.
    var roles: Set<Role> {
        switch self {
        case .approve, .refuse: [.communitySecretary]
        case .start, .finish, .cancel, .miss: .bookingDesk
        }
    }
}
