import Coordination

/// A host's monotonic clock: it began at another moment than the world's and runs at a slightly other pace.
struct SimulatedClock {
    /// What a crystal may be wrong by: 50 parts in a million.
    static let driftMax = 50

    private var offset: Nanoseconds
    /// Parts in a million.
    private let drift: Int

    init(offset: Nanoseconds, drift: Int) {
        self.offset = offset
        self.drift = drift
    }

    func reading(at time: Nanoseconds) -> Nanoseconds {
        offset + Nanoseconds(Int(time) + Int(time) / 1_000_000 * drift)
    }

    /// The first moment of the world at which the clock shows no less than `reading`.
    func time(of reading: Nanoseconds) -> Nanoseconds {
        guard reading > offset else { return 0 }
        let elapsed = Int(reading - offset)
        return Nanoseconds(max(0, elapsed - elapsed / 1_000_000 * drift + 2 * Self.driftMax))
    }

    mutating func jump(by duration: Nanoseconds) {
        offset += duration
    }
}
