import Models
import Postgres

/// What a batch came to, once its transaction has committed.
struct BatchOutcome: Sendable {
    /// Events still behind a gap, by lane.
    var held: [ReaderLane: [Int64: ReceivedEvent]] = [:]
    /// The watermarks after the batch, of the lanes in it and of those whose heads were told.
    var watermarks: [ReaderLane: Int64] = [:]
    /// What was counted.
    var applied = 0
    var duplicates = 0
    var parked = 0
    /// Says that the handler wrote events of its own.
    var hasOutgoing = false
}

/// Applies a batch in one transaction: the reader's own rows, its own outbox and its watermarks together (DESIGN 3.4).
struct BatchApplier: Sendable {
    let handler: any EventHandler
    let pool: PostgresPool
    let outbox: Outbox
    let failpoints: Failpoints
    /// How many events of one lane may wait behind a gap in memory.
    let heldMax: Int

    private var readers: ReaderStore { ReaderStore(consumer: handler.name) }
    private var parking: ParkingStore { ParkingStore(consumer: handler.name) }

    /// Applies a batch together with what was held back before.
    ///
    /// When the handler fails for good, the events are applied again one by one, so that only the faulty one is parked.
    func apply(
        _ batch: PartitionBatch, held: [ReaderLane: [Int64: ReceivedEvent]]
    ) async throws -> BatchOutcome {
        do {
            return try await attempt(batch, held: held, isCareful: false)
        } catch let error where FailureKind(error) != .passing {
            return try await attempt(batch, held: held, isCareful: true)
        }
    }

    private func attempt(
        _ batch: PartitionBatch, held: [ReaderLane: [Int64: ReceivedEvent]], isCareful: Bool
    ) async throws -> BatchOutcome {
        let outcome = try await pool.withTransaction { transaction in
            try await run(batch, held: held, isCareful: isCareful, in: transaction)
        }
        if outcome.hasOutgoing { outbox.wakeRelay() }
        return outcome
    }

    private func run(
        _ batch: PartitionBatch, held: [ReaderLane: [Int64: ReceivedEvent]], isCareful: Bool,
        in transaction: PostgresTransaction
    ) async throws -> BatchOutcome {
        var outcome = BatchOutcome()
        let lanes = batch.lanes.union(held.keys)
        let incoming = Dictionary(grouping: batch.events, by: \.lane)
        let watermarks = lanes.isEmpty ? [:] : try await readers.lockWatermarks(Array(lanes), in: transaction)
        var progress: [ReaderLane: LaneProgress] = [:]
        var ready: [ReceivedEvent] = []
        for lane in lanes.sorted() {
            let watermark = watermarks[lane] ?? 0
            let run = LaneRun(
                watermark: watermark, held: held[lane] ?? [:], incoming: incoming[lane] ?? [], heldMax: heldMax)
            ready += run.ready
            if !run.held.isEmpty { outcome.held[lane] = run.held }
            outcome.duplicates += run.duplicates
            outcome.watermarks[lane] = run.ready.last?.number ?? watermark
            progress[lane] = LaneProgress(
                watermark: run.ready.last?.number ?? watermark, duplicates: Int64(run.duplicates))
        }
        let parkings = try await applyReady(ready, isCareful: isCareful, outcome: &outcome, in: transaction)
        for event in ready { progress[event.lane]?.applied += 1 }
        for parking in parkings {
            progress[parking.event.lane]?.applied -= 1
            progress[parking.event.lane]?.parked += 1
        }
        outcome.applied = ready.count - parkings.count
        outcome.parked = parkings.count + batch.unreadable.count
        parking.park(parkings, in: transaction)
        parking.park(batch.unreadable, in: transaction)
        readers.advance(progress, in: transaction)
        let unlocked = batch.heads.keys.filter { outcome.watermarks[$0] == nil }
        if !unlocked.isEmpty {
            outcome.watermarks.merge(try await readers.watermarks(unlocked, with: transaction)) { old, _ in old }
        }
        try failpoints.pass(.consumerAfterApply)
        return outcome
    }

    /// Applies what is ready and says what must be parked instead.
    private func applyReady(
        _ ready: [ReceivedEvent], isCareful: Bool, outcome: inout BatchOutcome, in transaction: PostgresTransaction
    ) async throws -> [Parking] {
        guard !ready.isEmpty else { return [] }
        var blocked = try await parking.parkedKeys(among: Set(ready.map(\.parkingKey)), with: transaction)
        var parkings: [Parking] = []
        var applicable: [ReceivedEvent] = []
        func park(_ event: ReceivedEvent, _ code: String, _ reason: String) {
            blocked.insert(event.parkingKey)
            parkings.append(Parking(event: event, code: code, reason: reason))
        }
        for event in ready {
            if blocked.contains(event.parkingKey) {
                park(event, ParkingStore.behindCode, "an earlier event of the same key is parked")
            } else if EventCatalogue.named(event.type) == nil {
                park(event, "unknown-type", "this release does not know the type or version \(event.type)")
            } else if isCareful {
                do {
                    let outgoing = try await transaction.savepoint {
                        try await handler.apply([event], in: transaction)
                    }
                    outbox.enqueue(outgoing, in: transaction)
                    outcome.hasOutgoing = outcome.hasOutgoing || !outgoing.isEmpty
                } catch {
                    guard case .lasting(let code, let reason) = FailureKind(error) else { throw error }
                    park(event, code, reason)
                }
            } else {
                applicable.append(event)
            }
        }
        if !applicable.isEmpty {
            let outgoing = try await handler.apply(applicable, in: transaction)
            outbox.enqueue(outgoing, in: transaction)
            outcome.hasOutgoing = outcome.hasOutgoing || !outgoing.isEmpty
        }
        return parkings
    }
}
