import Wire

/// How many bytes may be under way at once on a wire of unknown speed, so that a heartbeat behind them waits a fraction of
/// a second: what took long is followed by less, what took no time by more.
package struct TransferPace: Hashable {
    /// Below it there is more, above it less. Of a wire of 10 Mbit/s some 150 to 300 KB; longer than the way to another
    /// continent and back, so that a long wire is not taken for a narrow one.
    private static let aim: ClosedRange<Nanoseconds> = 125_000_000...250_000_000

    private let range: ClosedRange<Int>
    /// Bytes of the next transfer.
    package private(set) var byteCount: Int

    /// - Parameter range: the least is sent even on the slowest wire, the most even on the fastest.
    package init(_ range: ClosedRange<Int>, beginningWith byteCount: Int) {
        self.range = range
        self.byteCount = byteCount
    }

    /// Takes how long a transfer took from its request to its answer.
    package mutating func note(byteCount count: Int, took duration: Nanoseconds) {
        if duration > Self.aim.upperBound {
            byteCount = max(range.lowerBound, min(byteCount, count) / 2)
        } else if duration < Self.aim.lowerBound, count >= byteCount {
            // Only what was as long as it might be says that more is possible.
            byteCount = min(range.upperBound, byteCount * 2)
        }
    }

    /// Nothing was heard of a transfer.
    package mutating func noteLost() {
        byteCount = max(range.lowerBound, byteCount / 2)
    }
}
