/// What can be done with the events of one lane: a pure decision from the lane's watermark.
///
/// A number up to the watermark was seen; the watermark's successor is next; a larger one shows a gap and is held back
/// until the gap is filled.
package struct LaneRun: Sendable {
    /// Events to apply now, without holes from the watermark on.
    package private(set) var ready: [ReceivedEvent] = []
    /// Events behind a gap, by number.
    package private(set) var held: [Int64: ReceivedEvent] = [:]
    /// How many were seen before.
    package private(set) var duplicates = 0

    /// Decides.
    ///
    /// - Parameters:
    ///   - watermark: the greatest number already seen through.
    ///   - held: events held back before.
    ///   - incoming: events that have come, in any order, repeated or not.
    ///   - heldMax: how many may be held back; the greatest numbers are let go of, since they can be asked for again.
    package init(watermark: Int64, held: [Int64: ReceivedEvent], incoming: [ReceivedEvent], heldMax: Int) {
        var waiting = held
        for event in incoming {
            if event.number <= watermark || waiting.updateValue(event, forKey: event.number) != nil { duplicates += 1 }
        }
        var next = watermark + 1
        while let event = waiting.removeValue(forKey: next) {
            ready.append(event)
            next += 1
        }
        waiting = waiting.filter { $0.key >= next }
        if waiting.count > heldMax {
            let kept = waiting.keys.sorted().prefix(heldMax)
            waiting = waiting.filter { $0.key <= kept.last ?? 0 }
        }
        self.held = waiting
    }
}
