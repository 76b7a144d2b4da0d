/// Moments at which something is due, the earliest first. Of what is not due any more an entry may remain: whoever
/// takes it looks whether it still holds.
package struct DeadlineHeap<Key: Comparable & Sendable>: Sendable {
    private var entries: [(due: Nanoseconds, key: Key)] = []

    package init() {}

    /// When the first is due, or was before it was replaced by a later one.
    package var first: Nanoseconds? { entries.first?.due }

    /// The earliest of those.
    package func due(where isMeant: (Key) -> Bool) -> Nanoseconds? {
        entries.filter { isMeant($0.key) }.map(\.due).min()
    }

    package mutating func add(_ key: Key, due: Nanoseconds) {
        entries.append((due, key))
        var child = entries.count - 1
        while child > 0, precedes(child, (child - 1) / 2) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Removes and returns the first that is due.
    package mutating func takeDue(at now: Nanoseconds) -> Key? {
        guard let first = entries.first, first.due <= now else { return nil }
        let last = entries.removeLast()
        guard !entries.isEmpty else { return first.key }
        entries[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && precedes(child, least) {
                least = child
            }
            guard least != parent else { return first.key }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    /// Equal moments go by key, so that equal histories give equal orders.
    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (entries[left].due, entries[left].key) < (entries[right].due, entries[right].key)
    }
}
