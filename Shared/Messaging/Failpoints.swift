import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Named places where a test lets the process die, fail or stop, so that every crash can be tried and not only imagined.
///
/// They are in every build, because what is tested is what ships; unset, a place costs one check. Set them with
/// `TIAOKUAI_FAILPOINTS=relay.afterSend=kill,consumer.afterApply=throw@3` (`@n`: at the n-th passing). Never in a service
/// that people use.
package final class Failpoints: Sendable {
    /// The places.
    package enum Place: String, Sendable, CaseIterable {
        /// A tick is committed and nothing of it is sent.
        case relayAfterCut = "relay.afterCut"
        /// A part of a batch is sent.
        case relayMidBatch = "relay.midBatch"
        /// The whole batch is acknowledged by the broker and the state does not say so yet.
        case relayAfterSend = "relay.afterSend"
        /// The state says so.
        case relayAfterState = "relay.afterState"
        /// A batch has been received and no transaction is open.
        case consumerBeforeApply = "consumer.beforeApply"
        /// The handler has run and the transaction has not committed.
        case consumerAfterApply = "consumer.afterApply"
        /// The transaction has committed and the offset is not stored.
        case consumerAfterCommit = "consumer.afterCommit"
        /// The audit trail's next batch is cut and nothing of it is read.
        case sealerAfterCut = "sealer.afterCut"
        /// Its hash is computed and the seal is not written.
        case sealerBeforeSeal = "sealer.beforeSeal"
        /// The seal is written.
        case sealerAfterSeal = "sealer.afterSeal"
        /// The rotation of keys has read a batch and written nothing.
        case rotationBeforeWrite = "rotation.beforeWrite"
        /// The rotation of keys has written a batch that is not committed.
        case rotationBeforeCommit = "rotation.beforeCommit"
        /// The rotation of keys has committed a batch.
        case rotationAfterCommit = "rotation.afterCommit"
        /// A batch of lookup hashes is written and not committed.
        case backfillBeforeCommit = "backfill.beforeCommit"
        /// The watch over deadlines has locked a batch and written nothing.
        case deadlineAfterLock = "deadline.afterLock"
        /// It has written a batch that is not committed.
        case deadlineBeforeCommit = "deadline.beforeCommit"
        /// It has committed a batch.
        case deadlineAfterCommit = "deadline.afterCommit"
    }

    /// What happens at a place.
    package enum Action: String, Sendable {
        /// The process ends at once, as by `kill -9`.
        case kill
        /// An error is thrown.
        case `throw`
        /// The process stops where it is, as by SIGSTOP, until something outside lets it go on.
        case stop
    }

    /// The error of the action `throw`.
    package struct Hit: Error {
        /// Where.
        package let place: Place
    }

    private struct Setting {
        var action: Action
        /// How many passings are still let through.
        var passings: Int
    }

    private let settings: Mutex<[Place: Setting]>
    private let isSet: Bool

    /// Nothing happens anywhere.
    package static let none = Failpoints()

    private init() {
        settings = Mutex([:])
        isSet = false
    }

    /// Sets places in a test; an action happens once, at the given passing (1 = the first).
    package init(_ actions: [Place: (action: Action, passing: Int)]) {
        settings = Mutex(actions.mapValues { Setting(action: $0.action, passings: $0.passing) })
        isSet = !actions.isEmpty
    }

    /// Reads a list as the environment variable has it; nil when it is not one.
    package convenience init?(list: String) {
        var actions: [Place: (action: Action, passing: Int)] = [:]
        for entry in list.split(separator: ",") {
            let parts = entry.split(separator: "=")
            guard parts.count == 2, let place = Place(rawValue: String(parts[0])) else { return nil }
            let what = parts[1].split(separator: "@")
            guard let action = what.first.flatMap({ Action(rawValue: String($0)) }), what.count <= 2 else { return nil }
            guard let passing = what.count == 2 ? Int(what[1]) : 1, passing > 0 else { return nil }
            actions[place] = (action, passing)
        }
        self.init(actions)
    }

    /// Whether places were set and all of their actions have happened.
    package var isSpent: Bool { isSet && settings.withLock { $0.isEmpty } }

    /// Passes a place.
    ///
    /// - Throws: `Hit`, where the action says so.
    package func pass(_ place: Place) throws(Hit) {
        guard isSet else { return }
        let action = settings.withLock { settings -> Action? in
            guard var setting = settings[place] else { return nil }
            setting.passings -= 1
            settings[place] = setting.passings > 0 ? setting : nil
            return setting.passings > 0 ? nil : setting.action
        }
        switch action {
        case nil: return
        case .throw: throw Hit(place: place)
        case .kill: kill(getpid(), SIGKILL)
        case .stop: kill(getpid(), SIGSTOP)
        }
    }
}
