import Densities
import Kernels
import Sampling
import Testing

@Suite("a transition")
struct TransitionTests {
    /// Runs a chain and, from the state before each step, the reference.
    private func compare(_ density: any LogDensity, _ settings: ChainSettings, seed: UInt64) throws -> [Termination:
        Int]
    {
        let key = testKey(seed)
        let start = try randomStart(density: density, key: key)
        var chain = try Chain(density: density, settings: settings, key: key, start: start)
        var seen: [Termination: Int] = [:]
        while !chain.isFinished {
            let (metric, position) = (chain.metric, chain.position)
            let statistics = chain.step()
            let reference = ReferenceTransition(
                density: density, metric: metric, stepSize: statistics.stepSize, position: position,
                iteration: chain.iteration, key: key, maximumDepth: settings.maximumDepth)
            #expect(statistics.treeDepth == reference.depth, "seed \(seed), iteration \(chain.iteration)")
            #expect(statistics.leapfrogs == reference.leapfrogs, "seed \(seed), iteration \(chain.iteration)")
            #expect(statistics.termination == reference.termination)
            #expect(
                abs(statistics.acceptanceRate - reference.acceptanceSum / Double(reference.leapfrogs)) < 1e-9)
            for (x, y) in zip(chain.position, reference.draw) {
                #expect(abs(x - y) < 1e-7 * max(1, abs(y)), "seed \(seed), iteration \(chain.iteration)")
            }
            seen[statistics.termination, default: 0] += 1
        }
        return seen
    }

    @Test(
        "equals the reference with explicit arrays on a correlated Gaussian", arguments: 1...3,
        [MetricKind.diagonal, .dense, .fisherDiagonal, .fisherLowRank])
    func gaussian(seed: UInt64, metric: MetricKind) throws {
        let density = AutoregressiveGaussian(
            scales: (0..<11).map { 0.3 + 0.4 * Double($0) }, correlation: 0.8)
        let seen = try compare(density, ChainSettings(warmup: 100, draws: 100, metric: metric), seed: seed)
        #expect((seen[.turned] ?? 0) > 150)
    }

    @Test("equals the reference where the trajectory is a full period: the isotropic Gaussian", arguments: 1...4)
    func isotropic(seed: UInt64) throws {
        let density = AutoregressiveGaussian(scales: [Double](repeating: 1, count: 50))
        _ = try compare(density, ChainSettings(warmup: 0, draws: 300, metric: .diagonal), seed: seed)
    }

    @Test("equals the reference where trajectories diverge or reach the maximum depth", arguments: 1...4)
    func funnel(seed: UInt64) throws {
        // Neal's funnel: v ~ N(0, 3), x_i ~ N(0, exp(v/2)).
        let density = ScriptedDensity(dimension: 5) { q in
            let precision = Elementary.exp(-q[0])
            let squares = q[1...].map { $0 * $0 }.reduce(0, +)
            let logDensity = -q[0] * q[0] / 18 - 0.5 * precision * squares - 2 * q[0]
            return (logDensity, [-q[0] / 9 + 0.5 * precision * squares - 2] + q[1...].map { -precision * $0 })
        }
        _ = try compare(density, ChainSettings(warmup: 100, draws: 150, maximumDepth: 4, metric: .diagonal), seed: seed)
        let wild = try compare(
            density, ChainSettings(warmup: 40, draws: 200, targetAcceptance: 0.4, maximumDepth: 2, metric: .diagonal),
            seed: seed)
        #expect((wild[.diverged] ?? 0) > 0)
        #expect((wild[.maximumDepth] ?? 0) > 0)
    }

    @Test("counts as many gradients as the density sees")
    func gradientCount() throws {
        let density = AutoregressiveGaussian(scales: [1, 2, 3])
        let run = try ChainRun(
            density, ChainSettings(warmup: 150, draws: 50, metric: .diagonal), key: testKey(3), start: [0.1, 0.2, 0.3])
        // Three are of the check at the start, which is not counted.
        #expect(run.chain.gradientEvaluations == density.evaluations - 3)
        let leapfrogs = run.statistics.map(\.leapfrogs).reduce(0, +)
        // One at the start, and at least two for each search: at the start and after the one window.
        #expect(run.chain.gradientEvaluations >= leapfrogs + 5)
    }

    @Test("states the energy and the log density of the draw it moves to")
    func energies() throws {
        let density = AutoregressiveGaussian(scales: [1, 2, 3], correlation: 0.5)
        var chain = try Chain(
            density: density, settings: ChainSettings(warmup: 50, draws: 50, metric: .diagonal), key: testKey(4),
            start: [0.1, 0.2, 0.3])
        while !chain.isFinished {
            let statistics = chain.step()
            var gradient = [0.0, 0, 0]
            var slopes = gradient.mutableSpan
            let logDensity = density.evaluate(at: chain.position.span, gradient: &slopes)
            #expect(statistics.logDensity == logDensity)
            #expect(statistics.energy >= -logDensity)
            #expect(abs(statistics.energyError) < 20)
        }
    }

    @Test("treats a density or gradient that is not finite as a divergence and stays where all is finite")
    func nonFinite() throws {
        for bad in [Double.nan, -.infinity, .infinity] {
            let value = ScriptedDensity(dimension: 2) { q in
                q[0] > 1 ? (bad, [0, 0]) : (-0.5 * (q[0] * q[0] + q[1] * q[1]), [-q[0], -q[1]])
            }
            let slope = ScriptedDensity(dimension: 2) { q in
                (-0.5 * (q[0] * q[0] + q[1] * q[1]), [q[0] > 1 ? bad : -q[0], -q[1]])
            }
            for density in [value, slope] {
                let run = try ChainRun(
                    density, ChainSettings(warmup: 200, draws: 200, metric: .diagonal), key: testKey(5), start: [0, 0])
                #expect(run.statistics.contains { $0.diverging })
                #expect(run.draws[0].allSatisfy { $0 <= 1 })
                #expect(run.statistics.allSatisfy { $0.energy.isFinite && $0.logDensity.isFinite })
                #expect(Set(run.draws[0]).count > 100)
            }
        }
    }
}
