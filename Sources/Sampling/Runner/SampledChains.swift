/// The draws of one chain after warm-up.
public struct SampledChain: Sendable {
    public let dimension: Int
    /// Coordinate i of draw n at n · dimension + i.
    public let positions: [Double]
    /// One a draw.
    public let statistics: [TransitionStatistics]
    /// Where trajectories diverged: the first hundred places.
    public let divergences: [Divergence]
    /// Those of warm-up counted.
    public let gradientEvaluations: Int
    /// The chain's end: with more draws in its settings a chain goes on from here.
    public let checkpoint: ChainCheckpoint

    /// The draws of one coordinate.
    public func series(_ coordinate: Int) -> [Double] {
        stride(from: coordinate, to: positions.count, by: dimension).map { positions[$0] }
    }
}

/// A place where the posterior has mass, as a Gaussian approximates it.
public struct SampledMode: Sendable {
    public let mean: [Double]
    /// Log of the mass: log density and volume together. Only differences between modes mean anything.
    public let logMass: Double
    /// Chains whose mean is nearest to this mode.
    public internal(set) var chains: [Int]
}

/// What `sample` brings: draws in the form that the figures of convergence take.
public struct SampledChains: Sendable {
    public let chains: [SampledChain]
    /// Modes that matter beside the first, which has the most mass; empty above `PathfinderPath.greatestDimension`
    /// coordinates, where none are looked for.
    public let modes: [SampledMode]
    /// One sentence each: of several modes, and of chains that were started anew.
    public let warnings: [String]

    /// The draws of one coordinate, chains × draws.
    public func series(_ coordinate: Int) -> [[Double]] { chains.map { $0.series(coordinate) } }

    /// The energies of all draws, chains × draws.
    public var energies: [[Double]] { chains.map { $0.statistics.map(\.energy) } }

    /// Draws of all chains.
    public var drawCount: Int { chains.map(\.statistics.count).reduce(0, +) }

    /// Draws whose trajectory diverged.
    public var divergenceCount: Int { count(\.diverging) }

    /// Draws whose trajectory ended because it was as long as the settings allow: many of them mean that the step is too
    /// small for the posterior's size, for one reason or another, and that the draws are nearly those of a random walk.
    public var saturatedCount: Int { count { $0.termination == .maximumDepth } }

    private func count(_ holds: (TransitionStatistics) -> Bool) -> Int {
        chains.map { $0.statistics.count(where: holds) }.reduce(0, +)
    }
}
