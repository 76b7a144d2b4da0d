/// When a process that ends again and again is left alone: something is wrong with it or with this machine.
package struct RestartLimit: Sendable {
    /// Ends in a row that are too many.
    package let endsMax: Int
    /// Seconds: one that has lived so long begins a new row.
    package let lifeMin: Double
    private var ends = 0

    package init(endsMax: Int = 100, lifeMin: Double = 60) {
        self.endsMax = endsMax
        self.lifeMin = lifeMin
    }

    package var isReached: Bool { ends >= endsMax }

    /// A process has ended after so long.
    package mutating func noteEnd(afterSeconds life: Double) {
        ends = life >= lifeMin ? 1 : ends + 1
    }
}
