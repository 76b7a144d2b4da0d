/// Where a trajectory diverged.
public struct Divergence: Sendable, Hashable {
    /// The iteration, counted from 1, those of warm-up included.
    public var iteration: Int
    /// Where the diverging leapfrog step began.
    public var position: [Double]
    /// H - H0 at its end: above 1000, or infinite.
    public var energyError: Double

    public init(iteration: Int, position: [Double], energyError: Double) {
        self.iteration = iteration
        self.position = position
        self.energyError = energyError
    }
}
