/// A first-in first-out queue that does not move its elements and grows by doubling.
package struct RingBuffer<Element> {
    private var slots: [Element?] = []
    private var head = 0
    /// The number of elements.
    package private(set) var count = 0

    /// Makes an empty queue.
    package init() {}

    /// Whether there is no element.
    package var isEmpty: Bool { count == 0 }

    /// The element that came first.
    package var first: Element? { count == 0 ? nil : slots[head] }

    /// Adds an element at the end.
    package mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) & (slots.count - 1)] = element
        count += 1
    }

    /// Removes and returns the element that came first.
    package mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        head = (head + 1) & (slots.count - 1)
        count -= 1
        return element
    }

    /// Removes and returns the first element that matches; the order of the others stays.
    ///
    /// Linear.
    package mutating func removeFirst(where matches: (Element) -> Bool) -> Element? {
        var kept = RingBuffer()
        var found: Element?
        while let element = popFirst() {
            if found == nil, matches(element) {
                found = element
            } else {
                kept.append(element)
            }
        }
        self = kept
        return found
    }

    /// Removes and returns all elements, in order.
    package mutating func removeAll() -> [Element] {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        while let element = popFirst() { elements.append(element) }
        return elements
    }

    private mutating func grow() {
        var larger: [Element?] = []
        let capacity = max(8, slots.count * 2)
        larger.reserveCapacity(capacity)
        for offset in 0..<count { larger.append(slots[(head + offset) & (slots.count - 1)]) }
        larger.append(contentsOf: repeatElement(nil, count: capacity - count))
        slots = larger
        head = 0
    }
}
