import Densities
import Kernels

/// A chain at the end of its warm-up.
struct WarmedChain: Sendable {
    var index: Int
    var attempt: Int
    var checkpoint: ChainCheckpoint
    /// Log of the mass of the region that the chain is in, up to a constant of the density: mean log density of the last
    /// quarter of warm-up, and half of the log determinant of the covariance that it has learnt.
    var logMass: Double
}

/// Several chains between their beginning and their end.
struct ChainPlan: Sendable {
    let settings: ChainSettings
    let seed: UInt64
    /// Chains that wait for their warm-up.
    private(set) var pending: [(chain: Int, attempt: Int)]
    /// Chains behind it, in order.
    private(set) var warmed: [WarmedChain] = []
    private var warnings: [String] = []

    /// How often a chain is started anew.
    static let attemptsMax = 3

    init(settings: ChainSettings, seed: UInt64, chains: Int) {
        settings.requireValid()
        precondition(chains > 0, "at least one chain is run")
        self.settings = settings
        self.seed = seed
        pending = (0..<chains).map { ($0, 0) }
    }

    private func key(chain: Int, attempt: Int) -> StreamKey {
        StreamKey(seed: seed, kind: UInt32(1 + attempt), index: UInt32(chain))
    }

    func warmUp(_ density: any LogDensity, chain index: Int, attempt: Int) throws(SamplingError) -> WarmedChain {
        let key = key(chain: index, attempt: attempt)
        var chain = try Chain(
            density: density, settings: settings, key: key, start: try pathfinderStart(density: density, key: key))
        let lastQuarter = settings.warmup - settings.warmup / 4
        var (level, count) = (0.0, 0.0)
        while chain.isWarmingUp {
            let logDensity = chain.step().logDensity
            guard chain.iteration > lastQuarter else { continue }
            count += 1
            level += (logDensity - level) / count
        }
        return WarmedChain(
            index: index, attempt: attempt, checkpoint: chain.checkpoint,
            logMass: count > 0 ? level + 0.5 * chain.metric.logDeterminantOfInverse : .nan)
    }

    /// Takes chains behind their warm-up, and has those begin anew whose region matters little beside the best one.
    mutating func take(_ chains: [WarmedChain]) {
        warmed = (warmed + chains).sorted { $0.index < $1.index }
        pending = []
        let best = warmed.map(\.logMass).max() ?? .nan
        for chain in warmed {
            let dimension = Double(chain.checkpoint.state.position.count)
            let gap = best - chain.logMass
            // Far more than the noise of a log determinant that is learnt from a few hundred draws.
            guard gap > 20 + dimension / 4 else { continue }
            let region =
                "Chain \(chain.index + 1) was in a region with about e^-\(rounded(gap)) of the mass of another's"
            if chain.attempt + 1 < Self.attemptsMax {
                warnings.append("\(region), and was started anew.")
                pending.append((chain.index, chain.attempt + 1))
            } else {
                warnings.append("\(region), and stayed there.")
            }
        }
        let again = Set(pending.map(\.chain))
        warmed.removeAll { again.contains($0.index) }
    }

    func finish(_ density: any LogDensity, _ warmed: WarmedChain) throws(SamplingError) -> SampledChain {
        var chain = try Chain(
            density: density, settings: settings, key: key(chain: warmed.index, attempt: warmed.attempt),
            resuming: warmed.checkpoint)
        var positions: [Double] = []
        positions.reserveCapacity(settings.draws * density.dimension)
        var statistics: [TransitionStatistics] = []
        while !chain.isFinished {
            statistics.append(chain.step())
            chain.withPosition { position in for i in 0..<position.count { positions.append(position[i]) } }
        }
        return SampledChain(
            dimension: density.dimension, positions: positions, statistics: statistics,
            divergences: chain.divergences, gradientEvaluations: chain.gradientEvaluations,
            checkpoint: chain.checkpoint)
    }

    func result(_ chains: [SampledChain], modes paths: [PathfinderPath]) -> SampledChains {
        var modes = paths.map { SampledMode(mean: $0.mean, logMass: $0.evidenceBound, chains: []) }
        for (index, chain) in chains.enumerated() where !modes.isEmpty && !chain.statistics.isEmpty {
            let mean = (0..<chain.dimension).map { coordinate in
                chain.series(coordinate).reduce(0, +) / Double(chain.statistics.count)
            }
            let distances = paths.map { $0.squaredDistance(to: mean) }
            let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
            modes[nearest].chains.append(index)
        }
        return SampledChains(chains: chains, modes: modes, warnings: warnings + Self.warnings(of: modes))
    }

    private static func warnings(of modes: [SampledMode]) -> [String] {
        guard modes.count > 1 else { return [] }
        let gaps = modes.dropFirst().map { "e^-\(rounded(modes[0].logMass - $0.logMass))" }.joined(separator: ", ")
        let counts = modes.map { "\($0.chains.count)" }.joined(separator: ", ")
        return [
            "The posterior has \(modes.count) separate modes that matter: beside the first, of about \(gaps) of its mass. "
                + "Chains in each: \(counts). A chain seldom crosses between modes, so that the draws do not tell the "
                + "share of each."
        ]
    }
}

private func rounded(_ value: Double) -> String {
    Int(exactly: value.rounded()).map { "\($0)" } ?? "\(value)"
}

extension Metric {
    /// log |M⁻¹|, of a dense metric that of its diagonal.
    var logDeterminantOfInverse: Double {
        var sum = 0.0
        for i in 0..<dimension { sum += Elementary.log(scale(i)) }
        for eigenvalue in eigenvalues { sum += Elementary.log(eigenvalue) }
        return sum
    }
}
