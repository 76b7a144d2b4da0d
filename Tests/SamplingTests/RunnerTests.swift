import Densities
import Kernels
import Sampling
import Testing

@Suite("several chains")
struct RunnerTests {
    private let settings = ChainSettings(warmup: 300, draws: 200)

    /// Equal Gaussians at the two places along the first coordinate, with weights.
    private func mixture(dimension: Int, at places: (Double, Double), weight: Double) -> ScriptedDensity {
        ScriptedDensity(dimension: dimension) { q in
            let parts = [places.0, places.1].map { -0.5 * (q[0] - $0) * (q[0] - $0) }
            let logs = [parts[0], parts[1] + Elementary.log(weight)]
            let total = Elementary.logSumExp(logs[0], logs[1])
            let shares = logs.map { Elementary.exp($0 - total) }
            let rest = q.dropFirst().map { -0.5 * $0 * $0 }.reduce(0, +)
            let slope = -shares[0] * (q[0] - places.0) - shares[1] * (q[0] - places.1)
            return (total + rest, [slope] + q.dropFirst().map { -$0 })
        }
    }

    @Test("one after another and side by side are the same to the bit, and each is the chain of its key")
    func sameBits() async throws {
        let make: @Sendable () -> any LogDensity = { AutoregressiveGaussian(scales: [1, 3, 0.2], correlation: 0.6) }
        let one = try sample(density: make, settings: settings, seed: 430, chains: 3)
        let other = try await sampleConcurrently(density: make, settings: settings, seed: 430, chains: 3)
        #expect(one.chains.map(\.positions) == other.chains.map(\.positions))
        #expect(one.chains.map(\.statistics) == other.chains.map(\.statistics))
        #expect(one.warnings.isEmpty && other.warnings.isEmpty)
        #expect(one.modes.count == 1 && one.modes[0].chains == [0, 1, 2])
        for index in 0..<3 {
            let key = testKey(430, index: UInt32(index))
            let start = try pathfinderStart(density: make(), key: key)
            let alone = try ChainRun(make(), settings, key: key, start: start)
            #expect((0..<3).map(one.chains[index].series) == alone.draws)
            #expect(one.chains[index].gradientEvaluations == alone.chain.gradientEvaluations)
        }
        #expect(one.drawCount == 600 && one.divergenceCount == 0 && one.saturatedCount == 0)
        #expect(one.series(2).map(\.count) == [200, 200, 200] && one.energies.map(\.count) == [200, 200, 200])
    }

    @Test("tell of a mode ten standard deviations away that none of them started in", arguments: [1, 3, 10])
    func farMode(dimension: Int) throws {
        var seen = 0
        for seed in UInt64(0)..<10 {
            let run = try sample(
                density: { mixture(dimension: dimension, at: (0, 10), weight: 0.5) },
                settings: ChainSettings(warmup: 100, draws: 20), seed: 440 + seed, chains: 2)
            guard run.modes.count == 2 else { continue }
            seen += 1
            #expect(run.warnings.count == 1)
            #expect(abs(run.modes[0].logMass - run.modes[1].logMass - Elementary.log(2)) < 0.3)
        }
        #expect(seen >= 9, "\(seen) of 10")
    }

    @Test("are silent about a mode that does not matter, and leave it")
    func negligibleMode() throws {
        let run = try sample(
            density: { mixture(dimension: 2, at: (-5, 5), weight: 1e-12) }, settings: settings, seed: 450, chains: 8)
        #expect(run.modes.count == 1)
        for chain in run.chains { #expect(chain.series(0).allSatisfy { $0 < 1 }) }
    }

    @Test("with saturated trajectories count them")
    func saturated() throws {
        let run = try sample(
            density: { AutoregressiveGaussian(scales: [1, 1], correlation: 0.9999) },
            settings: ChainSettings(warmup: 60, draws: 50, maximumDepth: 2, metric: .diagonal), seed: 451, chains: 2)
        #expect(run.saturatedCount > 50)
    }
}
