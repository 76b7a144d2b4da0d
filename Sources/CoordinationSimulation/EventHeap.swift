import Coordination

/// What will happen, by virtual time; of two things at one moment the one that was planned first comes first.
struct EventHeap<Event> {
    private struct Item {
        let time: Nanoseconds
        let order: UInt64
        let event: Event

        func isBefore(_ other: Item) -> Bool { (time, order) < (other.time, other.order) }
    }

    private var items: [Item] = []
    private var planned: UInt64 = 0

    mutating func plan(_ event: Event, at time: Nanoseconds) {
        planned += 1
        items.append(Item(time: time, order: planned, event: event))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].isBefore(items[parent]) else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (time: Nanoseconds, event: Event)? {
        guard let first = items.first else { return nil }
        let last = items.removeLast()
        if !items.isEmpty {
            items[0] = last
            var parent = 0
            while true {
                var least = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < items.count {
                    if items[child].isBefore(items[least]) { least = child }
                }
                guard least != parent else { break }
                items.swapAt(parent, least)
                parent = least
            }
        }
        return (first.time, first.event)
    }
}
