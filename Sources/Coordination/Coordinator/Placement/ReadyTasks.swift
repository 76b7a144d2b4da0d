/// The tasks of one job that wait to be granted, by index. Most are granted in their order, once: those are a range
/// that shrinks from below. The few that come back are listed.
package struct ReadyTasks: Sendable {
    private var fresh: Range<Int>
    /// In order; each is outside of `fresh`.
    private var returned: [Int] = []

    package init(count: Int) {
        fresh = 0..<count
    }

    package var count: Int { fresh.count + returned.count }

    package var isEmpty: Bool { fresh.isEmpty && returned.isEmpty }

    package func contains(_ index: Int) -> Bool { fresh.contains(index) || returned[position(index)...].first == index }

    /// In order.
    package var all: some Sequence<Int> {
        let (below, above) = (returned.prefix { $0 < fresh.lowerBound }, returned.drop { $0 < fresh.lowerBound })
        return [Array(below), Array(fresh), Array(above)].lazy.joined()
    }

    /// Those that came back, and the first of the others: all that can differ from one another.
    package var heads: [Int] {
        guard let first = fresh.first else { return returned }
        return returned.prefix { $0 < first } + [first] + returned.drop { $0 < first }
    }

    package mutating func insert(_ index: Int) {
        guard !contains(index) else { return }
        if index + 1 == fresh.lowerBound, !fresh.isEmpty {
            fresh = index..<fresh.upperBound
        } else {
            returned.insert(index, at: position(index))
        }
    }

    package mutating func remove(_ index: Int) {
        if index == fresh.lowerBound, !fresh.isEmpty {
            fresh = (index + 1)..<fresh.upperBound
        } else if fresh.contains(index) {
            // Those before it are few, or this is a replay of grants in another order.
            returned.insert(contentsOf: fresh.lowerBound..<index, at: position(fresh.lowerBound))
            fresh = (index + 1)..<fresh.upperBound
        } else {
            let place = position(index)
            if place < returned.count, returned[place] == index { returned.remove(at: place) }
        }
    }

    package mutating func removeAll() {
        fresh = 0..<0
        returned = []
    }

    /// Where it is, or would be, among those that came back.
    private func position(_ index: Int) -> Int {
        var (low, high) = (0, returned.count)
        while low < high {
            let middle = (low + high) / 2
            if returned[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
