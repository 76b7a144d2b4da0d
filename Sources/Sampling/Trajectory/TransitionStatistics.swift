/// Why a trajectory ended.
public enum Termination: UInt8, Sendable, Hashable, CaseIterable {
    /// Going on would have led back: the trajectory, or a part of it, makes a U-turn.
    case turned = 0
    /// The energy error passed its limit, or the energy was not a number.
    case diverged = 1
    /// The greatest number of doublings was reached while the trajectory was still going away.
    case maximumDepth = 2
}

/// The facts of one transition.
public struct TransitionStatistics: Sendable, Hashable {
    /// Log density at the draw, up to the density's own constant.
    public var logDensity: Double
    /// Mean of min(1, exp(H0 - H)) over all states made, those of rejected sub-trees included.
    public var acceptanceRate: Double
    /// Step size of this transition (epsilon).
    public var stepSize: Double
    /// Total energy H of the drawn state: kinetic energy minus log density.
    public var energy: Double
    /// H of the drawn state minus H0, that of the start of its trajectory.
    public var energyError: Double
    /// Doublings that were accepted.
    public var treeDepth: Int
    /// Leapfrog steps, which is gradient evaluations.
    public var leapfrogs: Int
    public var termination: Termination

    public init(
        logDensity: Double, acceptanceRate: Double, stepSize: Double, energy: Double, energyError: Double,
        treeDepth: Int, leapfrogs: Int, termination: Termination
    ) {
        self.logDensity = logDensity
        self.acceptanceRate = acceptanceRate
        self.stepSize = stepSize
        self.energy = energy
        self.energyError = energyError
        self.treeDepth = treeDepth
        self.leapfrogs = leapfrogs
        self.termination = termination
    }

    /// Whether the trajectory met a divergence.
    public var diverging: Bool { termination == .diverged }
}
